"""Where a tenant's data lies: in the tables of a schema of its own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import CreateSchema, DropSchema

from app.db.engine import database
from app.db.migrations import APPLIED, migration_engine, missing_after, upgrade
from app.db.schemas import quoted, schema_of
from app.settings import Settings, settings_of
from app.tenant import TenantRef


@asynccontextmanager
async def tenant_schemas(app: FastAPI) -> AsyncGenerator[None]:
    """Refuse to start on a database that has no schemas."""
    url = settings_of(app, Settings).database_url.get_secret_value()
    if not url.startswith("postgresql"):
        raise ValueError("DATABASE_URL must name a PostgreSQL database")
    yield


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncGenerator[None]:
    """Hold open what scripts need while they work."""
    async with tenant_schemas(app), database(app):
        yield


def check_name(app: FastAPI, slug: str) -> None:
    """Refuse with ValueError a slug that the storage can't take: none."""


async def is_at_head(app: FastAPI, tenant: TenantRef) -> bool:
    """Tell whether a tenant's tables fit this code; once they did, they do."""
    known: set[TenantRef] = app.state.tenants_at_head
    if tenant not in known:
        engine: AsyncEngine = app.state.engine
        async with engine.connect() as connection:
            if await connection.run_sync(is_behind, schema_of(tenant.slug)):
                return False
        known.add(tenant)
    return True


def is_behind(connection: Connection, schema: str) -> bool:
    if not inspect(connection).has_table(APPLIED.name, schema=schema):
        return True
    applied = table(APPLIED.name, column("version_num"), schema=schema)
    heads = connection.scalars(select(applied.c.version_num)).all()
    return bool(missing_after(heads))


@asynccontextmanager
async def owner(app: FastAPI) -> AsyncGenerator[AsyncConnection]:
    """Connect as the role that owns the tables, for one transaction."""
    engine = migration_engine(settings_of(app, Settings).owner_url)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def provision(app: FastAPI, tenant: TenantRef) -> None:
    """Make a tenant's schema where it lacks, and bring it to head."""
    async with owner(app) as connection:
        name = schema_of(tenant.slug)
        await connection.execute(CreateSchema(name, if_not_exists=True))
    url = settings_of(app, Settings).owner_url
    await upgrade(url, server_settings={"search_path": quoted(tenant.slug)})


async def clear(app: FastAPI, tenant: TenantRef) -> None:
    """Drop a tenant's schema with all that is in it."""
    async with owner(app) as connection:
        name = schema_of(tenant.slug)
        await connection.execute(DropSchema(name, cascade=True, if_exists=True))
