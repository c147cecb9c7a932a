"""The session of one tenant, which has tables of its own."""

from sqlalchemy import Table, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement

from app.db.base import Base, SharedBase
from app.tenant import NoTenantError, TenantRef


class TenantSession(Session):
    """A session whose tenant is `info["tenant"]`.

    Without a tenant it is for the shared tables alone: any use of another, and SQL as
    text, is refused (NoTenantError).
    """

    @property
    def tenant(self) -> TenantRef | None:
        tenant = self.info.get("tenant")
        return tenant if isinstance(tenant, TenantRef) else None


def may_be_owned(part: object) -> bool:
    """Tell whether a part of a statement may reach a tenant's tables."""
    if isinstance(part, Table):
        return part.key not in shared_tables()
    return isinstance(part, TextClause)


def shared_tables() -> set[str]:
    return {
        table.fullname
        for mapper in SharedBase.registry.mappers
        if not issubclass(mapper.class_, Base)
        for table in mapper.tables
    }


@event.listens_for(TenantSession, "do_orm_execute")
def check_tenant(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, TenantSession)
    if session.tenant is None:
        assert isinstance(state.statement, ClauseElement)
        if any(map(may_be_owned, visitors.iterate(state.statement))):
            raise NoTenantError("This session has no tenant")


@event.listens_for(TenantSession, "before_flush")
def check_rows(
    session: TenantSession, flush: UOWTransaction, instances: object
) -> None:
    changed = (*session.new, *session.dirty, *session.deleted)
    if session.tenant is None and any(isinstance(row, Base) for row in changed):
        raise NoTenantError("This session has no tenant")
