"""The engine behind a tenant's sessions, which look into the tenant's schema."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Connection, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import SessionTransaction

from app.db.schemas import quoted
from app.db.tenant_session import TenantSession
from app.tenant import BARE, TenantRef


@asynccontextmanager
async def tenant_engine(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[AsyncEngine]:
    yield app.state.engine


@event.listens_for(TenantSession, "after_begin")
def enter_schema(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    """Look for tables in the tenant's schema alone, until the transaction ends."""
    tenant = session.tenant
    if tenant is not None and tenant != BARE:
        path = quoted(tenant.slug)
        connection.execute(select(func.set_config("search_path", path, True)))
