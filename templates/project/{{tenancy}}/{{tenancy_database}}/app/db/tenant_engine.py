"""The engine behind a tenant's sessions: that of the tenant's database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.tenant import BARE, TenantRef


@asynccontextmanager
async def tenant_engine(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[AsyncEngine]:
    """Keep a tenant's pool open for a while. The bare domain has the main database."""
    if tenant == BARE:
        yield app.state.engine
        return
    async with app.state.pools.lease(tenant) as engine:
        yield engine
