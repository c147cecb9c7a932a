from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from fastapi import FastAPI, HTTPException
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.db.session import SessionDep, create_sessions
from tests.conftest import browse

TABLE = """
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    after INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED
)
"""


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    engine = create_engine(SecretStr(f"sqlite+aiosqlite:///{tmp_path}/test.db"))
    async with engine.begin() as connection:
        await connection.execute(text(TABLE))
    yield engine
    await engine.dispose()


@pytest.mark.parametrize(
    ("after", "answered", "status", "kept"),
    [
        ("NULL", 200, 200, 1),
        ("NULL", 409, 409, 0),
        ("7", 200, 500, 0),  # what fails at the commit is never said to be done
    ],
)
async def test_route_that_returns_is_committed(
    engine: AsyncEngine, after: str, answered: int, status: int, kept: int
) -> None:
    app = FastAPI()
    app.state.sessions = create_sessions(engine)

    @app.post("/notes")
    async def write(session: SessionDep) -> None:
        await session.execute(text(f"INSERT INTO notes (after) VALUES ({after})"))
        if answered != 200:
            raise HTTPException(answered)

    async with browse(app, "test") as client:
        answer = await client.post("/notes")

    assert answer.status_code == status
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM notes")) == kept
