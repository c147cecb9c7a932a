"""Where a tenant's data lies: in rows of the tables that all tenants have."""

from fastapi import FastAPI
from sqlalchemy import delete

from app.db.base import Base
from app.db.engine import database
from app.db.migrations import migration_engine
from app.db.session import create_sessions
from app.db.tables import import_models
from app.db.tenant_statements import is_owned
from app.settings import Settings, settings_of
from app.tenant import TenantRef

opened = database  # what scripts hold open while they work


def check_name(app: FastAPI, slug: str) -> None:
    """Refuse with ValueError a slug that the storage can't take: none."""


async def is_at_head(app: FastAPI, tenant: TenantRef) -> bool:
    """Tell whether a tenant's tables fit this code: they are everybody's."""
    return True


async def provision(app: FastAPI, tenant: TenantRef) -> None:
    """Make room for a tenant's data: the tables are there already."""


async def clear(app: FastAPI, tenant: TenantRef) -> None:
    """Delete a tenant's rows from every table, however long that takes."""
    import_models()
    engine = migration_engine(settings_of(app, Settings).database_url)
    try:
        async with create_sessions(engine, tenant).begin() as session:
            for table in filter(is_owned, reversed(Base.metadata.sorted_tables)):
                await session.execute(
                    delete(table).where(table.c.tenant_id == tenant.id),
                    execution_options={"all_tenants": True},
                )
    finally:
        await engine.dispose()
