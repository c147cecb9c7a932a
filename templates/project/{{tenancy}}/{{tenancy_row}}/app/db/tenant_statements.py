"""Which statements the tenant's filter covers, and refusal of the others."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeGuard

from sqlalchemy import (
    Alias,
    ColumnClause,
    Delete,
    Executable,
    Insert,
    Select,
    SelectBase,
    Table,
    TextClause,
    Update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement

UPSERTS = (postgresql.Insert, sqlite.Insert)
HARMLESS = re.compile(r"[\w.*]*")
ADDITIONS = ("_prefixes", "_suffixes", "_hints", "_statement_hints")


class UncoveredError(Exception):
    """A statement that could reach other tenants' rows."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} isn't kept to the tenant. Name mapped classes instead, or say "
            "execution_options(all_tenants=True) where all tenants are meant"
        )


def is_owned(element: object) -> TypeGuard[Table]:
    """Tell whether something is a table whose rows belong to tenants."""
    return isinstance(element, Table) and "tenant_id" in element.c


def parts_of(statement: Executable) -> list[ClauseElement]:
    """Return a statement's parts, however deep, itself first."""
    assert isinstance(statement, ClauseElement)
    found = visitors.iterate(statement)
    return [element for element in found if isinstance(element, ClauseElement)]


def concern_tenants(parts: Iterable[ClauseElement]) -> bool:
    """Tell whether a statement's parts can reach tenants' rows, as text always may."""
    return any(is_owned(part) or is_text(part) for part in parts)


def check_covered(state: ORMExecuteState, parts: Collection[ClauseElement]) -> None:
    """Raise UncoveredError where the filter can't cover a statement of these parts."""
    statement = state.statement
    if any(map(is_text, parts)):
        raise UncoveredError("SQL as text")
    if not state.is_orm_statement or any(map(selects_tables, parts)):
        raise UncoveredError("A statement on a table instead of its class")
    if isinstance(statement, Insert):
        check_insert(statement)
    elif isinstance(statement, Update | Delete):
        check_change(state, statement)
    if joins_tables(parts):
        raise UncoveredError("A table joined to a class")


def check_insert(statement: Insert) -> None:
    if isinstance(statement, UPSERTS):
        raise UncoveredError("An upsert")
    if statement._multi_values:
        raise UncoveredError("An insert with several VALUES")
    if statement.select is not None:
        raise UncoveredError("An insert from a select")


def check_change(state: ORMExecuteState, statement: Update | Delete) -> None:
    if state.is_executemany:
        raise UncoveredError("A change by a list of primary keys")
    if {*named_tables(statement)} != {getattr(statement.table, "fullname", "")}:
        raise UncoveredError("A change that names another table, or an alias,")


def is_text(element: object) -> bool:
    """Tell whether an element is SQL as text, more than a name or a star, or has some added."""
    if isinstance(element, ColumnClause) and element.is_literal:
        return HARMLESS.fullmatch(element.name) is None
    added = any(getattr(element, name, ()) for name in ADDITIONS)
    return added or isinstance(element, TextClause)


def selects_tables(part: ClauseElement) -> bool:
    """Tell whether a part is a select on owned tables that names no class."""
    if not isinstance(part, Select):
        return False
    by_class = part._propagate_attrs.get("compile_state_plugin") == "orm"
    return not by_class and any(map(is_owned, parts_of(part)))


def named_tables(statement: ClauseElement) -> Iterator[str]:
    """Yield the tables that a statement itself names; selects in it see to theirs."""
    for element in statement.get_children():
        if isinstance(element, Table):
            yield element.fullname
        elif isinstance(element, ColumnClause) and element.table is not None:
            yield getattr(element.table, "fullname", "an alias")
        elif isinstance(element, ClauseElement) and not isinstance(element, SelectBase):
            yield from named_tables(element)


def joins_tables(parts: Collection[ClauseElement]) -> bool:
    """Tell whether an owned table, or an alias of one, stands there without a class."""
    entities = [part for part in parts if is_entity(part)]
    mapped = {
        table.fullname
        for entity in entities
        for mapper in mappers(entity)
        for table in mapper.tables
    }
    aliased = {id(getattr(entity, "table", None)) for entity in entities}
    return any(part.fullname not in mapped for part in parts if is_owned(part)) or any(
        is_owned(part.element) and id(part) not in aliased
        for part in parts
        if isinstance(part, Alias) and not is_entity(part)
    )


def mappers(entity: ClauseElement) -> Iterator[Mapper[Any]]:
    named = entity._annotations["parententity"]
    yield named.mapper
    yield from named.with_polymorphic_mappers


def is_entity(part: ClauseElement) -> bool:
    """Tell whether a part stands there because of a mapped class."""
    return "parententity" in part._annotations
