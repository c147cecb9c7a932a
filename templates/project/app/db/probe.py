"""Whether the database can serve."""

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.migrations import missing_revisions


async def database_state(app: FastAPI) -> str:
    """Return "ok", or "behind" while a migration that this code needs is missing."""
    engine: AsyncEngine = app.state.engine
    async with engine.connect() as connection:
        missing = await connection.run_sync(missing_revisions)
    return "behind" if missing else "ok"
