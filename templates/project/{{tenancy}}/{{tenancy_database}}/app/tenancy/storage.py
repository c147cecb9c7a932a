"""Where a tenant's data lies: in a database of its own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url, text

from app.db.engine import database
from app.db.migrations import migration_engine, missing_revisions, upgrade
from app.db.tenant_databases import TenantPools, database_of
from app.settings import Settings, settings_of
from app.tenancy.settings import TenancySettings
from app.tenant import TenantRef

EXISTS = text("SELECT count(*) FROM pg_database WHERE datname = :name")


@asynccontextmanager
async def tenant_databases(app: FastAPI) -> AsyncGenerator[None]:
    """Open pools as tenants need them; close all when the application stops."""
    limit = settings_of(app, TenancySettings).tenancy_max_pools
    app.state.pools = TenantPools(settings_of(app, Settings).database_url, limit)
    try:
        yield
    finally:
        await app.state.pools.close()


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncGenerator[None]:
    """Hold open what scripts need while they work."""
    async with database(app), tenant_databases(app):
        yield


def check_name(app: FastAPI, slug: str) -> None:
    """Refuse with ValueError a slug that makes too long a name."""
    database_of(settings_of(app, Settings).database_url, slug)


async def is_at_head(app: FastAPI, tenant: TenantRef) -> bool:
    """Tell whether a tenant's tables fit this code; once they did, they do."""
    known: set[TenantRef] = app.state.tenants_at_head
    if tenant in known:
        return True
    file = file_of(database_of(settings_of(app, Settings).database_url, tenant.slug))
    if file is not None and not file.exists():
        return False
    async with app.state.pools.lease(tenant) as engine, engine.connect() as connection:
        if await connection.run_sync(missing_revisions):
            return False
    known.add(tenant)
    return True


async def provision(app: FastAPI, tenant: TenantRef) -> None:
    """Make a tenant's database where it lacks, and bring it to head."""
    url = settings_of(app, Settings).owner_url
    own = database_of(url, tenant.slug)
    if file_of(own) is None:
        await administer(url, own, "CREATE")
    await upgrade(own)


async def clear(app: FastAPI, tenant: TenantRef) -> None:
    """Drop a tenant's database."""
    await app.state.pools.forget(tenant)
    url = settings_of(app, Settings).owner_url
    own = database_of(url, tenant.slug)
    file = file_of(own)
    if file is None:
        await administer(url, own, "DROP")
        return
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def file_of(url: SecretStr) -> Path | None:
    """Return the file of an SQLite database."""
    parsed = make_url(url.get_secret_value())
    is_file = parsed.get_backend_name() == "sqlite"
    return Path(str(parsed.database)) if is_file else None


async def administer(url: SecretStr, own: SecretStr, verb: str) -> None:
    """Create or drop a database of the server, unless that is done already."""
    name = make_url(own.get_secret_value()).database
    engine = migration_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            there = bool(await connection.scalar(EXISTS, {"name": name}))
            if there == (verb == "DROP"):
                force = " WITH (FORCE)" if verb == "DROP" else ""
                await connection.execute(text(f'{verb} DATABASE "{name}"{force}'))
    finally:
        await engine.dispose()
