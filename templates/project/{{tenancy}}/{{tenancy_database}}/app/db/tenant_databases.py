"""Databases of the tenants, and connection pools to them."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.db.errors import DatabaseUnavailableError
from app.tenant import TenantRef

CONNECTIONS = 5  # of one tenant at once
MAX_NAME = 63  # bytes; PostgreSQL cuts longer names in silence


def database_of(url: SecretStr, slug: str) -> SecretStr:
    """Return the URL of a tenant's database: `t.db` becomes `t.acme.db`.

    Raises ValueError where that name can't be.
    """
    main = make_url(url.get_secret_value())
    if not main.database or main.database == ":memory:":
        raise ValueError("Tenants need a database with a name")
    if main.get_backend_name() == "sqlite":
        path = Path(main.database)
        name = str(path.with_name(f"{path.stem}.{slug}{path.suffix}"))
    else:
        name = f"{main.database}.{slug}"
        if len(name.encode()) > MAX_NAME:
            raise ValueError(f"The database's name would be over {MAX_NAME} bytes")
    return SecretStr(main.set(database=name).render_as_string(hide_password=False))


class TenantPools:
    """At most `limit` pools. One in use is never closed: over the limit is refused."""

    def __init__(self, url: SecretStr, limit: int) -> None:
        self.url = url
        self.limit = limit
        self.engines: dict[TenantRef, AsyncEngine] = {}
        self.users: Counter[TenantRef] = Counter()

    @asynccontextmanager
    async def lease(self, tenant: TenantRef) -> AsyncGenerator[AsyncEngine]:
        """Give the engine of a tenant's database, open while it is used.

        Raises DatabaseUnavailableError where all pools are in use.
        """
        self.users[tenant] += 1
        try:
            yield await self.opened(tenant)
        finally:
            self.users[tenant] -= 1

    async def opened(self, tenant: TenantRef) -> AsyncEngine:
        engine = self.engines.pop(tenant, None)
        idle = None
        if engine is None:
            if len(self.engines) >= self.limit:
                idle = self.take_idle()
            engine = create_engine(database_of(self.url, tenant.slug), CONNECTIONS)
        self.engines[tenant] = engine  # the last in the order: the latest used
        if idle is not None:
            await idle.dispose()
        return engine

    def take_idle(self) -> AsyncEngine:
        for tenant in self.engines:
            if not self.users[tenant]:
                return self.engines.pop(tenant)
        raise DatabaseUnavailableError

    async def forget(self, tenant: TenantRef) -> None:
        engine = self.engines.pop(tenant, None)
        if engine is not None:
            await engine.dispose()

    async def close(self) -> None:
        for tenant in list(self.engines):
            await self.forget(tenant)
