"""The database engine."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from app.db.session import create_sessions
from app.settings import Settings, settings_of


@asynccontextmanager
async def database(app: FastAPI) -> AsyncGenerator[None]:
    """Open the connection pool, and close it when the application stops."""
    engine = create_async_engine(settings_of(app, Settings).database_url)
    app.state.sessions = create_sessions(engine)
    yield
    await engine.dispose()
