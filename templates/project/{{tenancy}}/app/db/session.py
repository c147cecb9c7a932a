"""Sessions of the database: a tenant's, or one for the shared tables."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from starlette.requests import HTTPConnection

from app.db.tenant_engine import tenant_engine
from app.db.tenant_session import TenantSession
from app.tenant import CurrentTenant, TenantRef

Sessions = async_sessionmaker[AsyncSession]


def create_sessions(engine: AsyncEngine, tenant: TenantRef | None = None) -> Sessions:
    return async_sessionmaker(
        engine,
        sync_session_class=TenantSession,
        expire_on_commit=False,
        info={"tenant": tenant},
    )


def shared_sessions(app: FastAPI) -> Sessions:
    """Return what opens sessions without a tenant, for the shared tables alone."""
    sessions: Sessions = app.state.sessions
    return sessions


@asynccontextmanager
async def tenant_sessions(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[Sessions]:
    """Give what opens a tenant's sessions, in background tasks and scripts too.

    Use it within the block.
    """
    async with tenant_engine(app, tenant) as engine:
        yield create_sessions(engine, tenant)


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
