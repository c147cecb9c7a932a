"""What tables need so that tenants don't meet in them."""

from collections.abc import Iterator

from sqlalchemy import Table, UniqueConstraint

from app.db.base import SharedBase, TenantOwned
from app.db.tables import import_models
from app.db.tenant_statements import is_owned

SHARED = {"tenants"}  # tables that no tenant owns; name your own here


def tables() -> list[Table]:
    import_models()
    return SharedBase.metadata.sorted_tables


def unique_keys(table: Table) -> Iterator[tuple[str, set[str]]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield str(constraint.name), set(constraint.columns.keys())
    for index in table.indexes:
        if index.unique:
            yield str(index.name), set(index.columns.keys())


def test_every_table_has_an_owner() -> None:
    assert {table.name for table in tables() if not is_owned(table)} == SHARED


def test_every_owned_class_is_kept_to_its_tenant() -> None:
    """Else its rows are everybody's: the session goes by the class, not the column."""
    import_models()
    lacking = [
        f"{mapper.class_.__name__}: let it inherit from TenantOwned, or from Base"
        for mapper in SharedBase.registry.mappers
        if any(map(is_owned, mapper.tables))
        and not issubclass(mapper.class_, TenantOwned)
    ]

    assert lacking == []


def test_foreign_keys_include_the_tenant() -> None:
    """Else a row could refer to one of another tenant."""
    lacking = [
        f"{table.name}: {key.name}"
        for table in filter(is_owned, tables())
        for key in table.foreign_key_constraints
        if is_owned(key.referred_table) and "tenant_id" not in key.column_keys
    ]

    assert lacking == []


def test_indexes_of_lists_begin_with_the_tenant() -> None:
    """Else a small tenant's page costs a walk over everybody's rows."""
    lacking = [
        f"{table.name}: {index.name}"
        for table in filter(is_owned, tables())
        for index in table.indexes
        if len(index.columns) > 1 and index.columns.keys()[0] != "tenant_id"
    ]

    assert lacking == []


def test_unique_keys_include_the_tenant() -> None:
    """Else a refused value tells that another tenant has it."""
    lacking = [
        f"{table.name}: {name}"
        for table in filter(is_owned, tables())
        for name, columns in unique_keys(table)
        if "tenant_id" not in columns
    ]

    assert lacking == []
