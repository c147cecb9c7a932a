"""Sessions of the database: a tenant's, or one for the shared tables."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import Connection, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import SessionTransaction
from starlette.requests import HTTPConnection

from app.db.schemas import quoted
from app.db.tenant_session import TenantSession
from app.tenancy.current import BARE, CurrentTenant, TenantRef

Sessions = async_sessionmaker[AsyncSession]


def create_sessions(engine: AsyncEngine) -> Sessions:
    return async_sessionmaker(
        engine, sync_session_class=TenantSession, expire_on_commit=False
    )


def shared_sessions(app: FastAPI) -> Sessions:
    """Return what opens sessions without a tenant, for the shared tables alone."""
    sessions: Sessions = app.state.sessions
    return sessions


@asynccontextmanager
async def tenant_sessions(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[Sessions]:
    """Give what opens a tenant's sessions, in background tasks and scripts too."""
    yield async_sessionmaker(
        app.state.engine,
        sync_session_class=TenantSession,
        expire_on_commit=False,
        info={"tenant": tenant},
    )


@event.listens_for(TenantSession, "after_begin")
def enter_schema(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    """Look for tables in the tenant's schema alone, until the transaction ends."""
    tenant = session.tenant
    if tenant is not None and tenant != BARE:
        path = quoted(tenant.slug)
        connection.execute(select(func.set_config("search_path", path, True)))


async def get_sessions(
    connection: HTTPConnection, tenant: CurrentTenant
) -> AsyncGenerator[Sessions]:
    async with tenant_sessions(connection.app, tenant) as sessions:
        yield sessions


SessionsDep = Annotated[Sessions, Depends(get_sessions)]


async def get_session(sessions: SessionsDep) -> AsyncGenerator[AsyncSession]:
    """Open a session for the request: committed when the route returns."""
    async with sessions() as session:
        yield session
        await session.commit()


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
