"""The session of one tenant: what it reads and writes is that tenant's."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, Update, event, inspect
from sqlalchemy.engine import Result
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)

from app.db.base import TenantOwned
from app.db.tenant_statements import (
    UncoveredError,
    check_covered,
    concern_tenants,
    parts_of,
)
from app.tenant import NoTenantError, TenantRef

SET_TENANT = "SELECT set_config('app.tenant', $1, true)"


class ForeignRowError(Exception):
    """A row of another tenant was to be written."""


class TenantSession(Session):
    """A session whose tenant is `info["tenant"]`.

    Statements on classes are kept to the tenant, new rows get it. What can't be kept
    is refused (UncoveredError) unless it says `execution_options(all_tenants=True)`.
    Without a tenant any use of a tenant's table is refused (NoTenantError).
    """

    @property
    def tenant(self) -> TenantRef | None:
        tenant = self.info.get("tenant")
        return tenant if isinstance(tenant, TenantRef) else None

    @property
    def tenant_id(self) -> UUID:
        if self.tenant is None:
            raise NoTenantError("This session has no tenant")
        return self.tenant.id

    def bulk_save_objects(self, *args: Any, **options: Any) -> None:
        raise UncoveredError("A bulk operation")

    def bulk_insert_mappings(self, *args: Any, **options: Any) -> None:
        raise UncoveredError("A bulk operation")

    def bulk_update_mappings(self, *args: Any, **options: Any) -> None:
        raise UncoveredError("A bulk operation")


@event.listens_for(TenantSession, "do_orm_execute")
def keep_to_tenant(state: ORMExecuteState) -> Result[Any] | None:
    session = state.session
    assert isinstance(session, TenantSession)
    if state.execution_options.get("all_tenants"):
        return None
    parts = parts_of(state.statement)
    if not concern_tenants(parts):
        return None
    tenant_id = session.tenant_id
    if not state.is_relationship_load and not state.is_column_load:
        check_covered(state, parts)
    if isinstance(state.statement, Insert):
        return insert_for(tenant_id, state)
    if isinstance(state.statement, Update):
        check_unchanged(state.statement, state.parameters)
    state.statement = state.statement.options(rows_of(tenant_id))
    return None


@lru_cache(maxsize=1000)
def rows_of(tenant_id: UUID) -> LoaderCriteriaOption:
    """Make the filter of a tenant; making it costs as much as a statement."""
    return with_loader_criteria(
        TenantOwned,
        lambda owned: owned.tenant_id == tenant_id,
        include_aliases=True,
    )


@event.listens_for(TenantSession, "before_attach")
def refuse_detached(session: TenantSession, row: object) -> None:
    """Refuse rows that this session didn't load: their key could be another tenant's.

    What is read or written of them goes by the key alone.
    """
    if isinstance(row, TenantOwned) and inspect(row).has_identity:
        raise ForeignRowError(
            f"This {type(row).__name__} was loaded elsewhere: get it in this session"
        )


def insert_for(tenant_id: UUID, state: ORMExecuteState) -> Result[Any] | None:
    """Give the rows of an INSERT their tenant."""
    owner = {"tenant_id": tenant_id}
    if isinstance(state.parameters, list):
        return state.invoke_statement(params=[owner] * len(state.parameters))
    if state.parameters:
        return state.invoke_statement(params=owner)
    assert isinstance(state.statement, Insert)
    state.statement = state.statement.values(owner)
    return None


def check_unchanged(statement: Update, parameters: object) -> None:
    given = parameters if isinstance(parameters, dict) else {}
    columns = [*given, *(statement._values or ())]
    if any(getattr(column, "key", column) == "tenant_id" for column in columns):
        raise ForeignRowError("A row keeps its tenant")


@event.listens_for(TenantSession, "before_flush")
def own_rows(session: TenantSession, flush: UOWTransaction, instances: object) -> None:
    """Give new rows their tenant; refuse to write those of another."""
    for row in session.new:
        if isinstance(row, TenantOwned) and row.tenant_id is None:
            row.tenant_id = session.tenant_id
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantOwned) and row.tenant_id != session.tenant_id:
            raise ForeignRowError(f"This {type(row).__name__} is another tenant's")


@event.listens_for(TenantSession, "after_begin")
def tell_database(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    """Name the tenant to PostgreSQL's row-level security until the transaction ends."""
    if session.tenant is not None and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(SET_TENANT, (str(session.tenant.id),))
