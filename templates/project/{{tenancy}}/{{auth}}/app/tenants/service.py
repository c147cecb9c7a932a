"""Pages of tenants."""

from sqlalchemy import select, tuple_

from app.kit.pagination import Cursor, Page
from app.tenancy.models import DELETED, Tenant
from app.tenancy.service import Tenants
from app.tenant import BARE


async def page_of(
    tenants: Tenants, limit: int, cursor: str | None = None
) -> Page[Tenant]:
    """Read a page, newest first; a cursor of no page raises InvalidValueError."""
    statement = select(Tenant).where(Tenant.status != DELETED, Tenant.id != BARE.id)
    statement = statement.order_by(Tenant.created_at.desc(), Tenant.id.desc())
    if cursor is not None:
        after = Cursor.decode(cursor)
        key = tuple_(Tenant.created_at, Tenant.id)
        statement = statement.where(key < tuple_(after.created_at, after.id))
    async with tenants.sessions() as session:
        rows = await session.scalars(statement.limit(limit + 1))
        return Page.of(rows.all(), limit, lambda row: Cursor(row.created_at, row.id))
