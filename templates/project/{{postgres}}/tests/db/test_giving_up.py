"""A PostgreSQL that is silent, slow or locked."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import engine as module
from app.db.engine import create_engine
from app.db.errors import DatabaseUnavailableError, is_unavailable
from app.db.url import normalised

BACKEND = text("SELECT pg_backend_pid()")
SLEEP = text("SELECT pg_sleep(0.5)")
FIRST, SECOND = (text(f"SELECT pg_advisory_xact_lock({n})") for n in (1, 2))

Open = Callable[[], AsyncEngine]


@pytest.fixture
async def open_engine(database: str) -> AsyncGenerator[Open]:
    engines = []

    def open_engine() -> AsyncEngine:
        engines.append(create_engine(normalised(SecretStr(database))))
        return engines[-1]

    yield open_engine
    for engine in engines:
        await engine.dispose()


async def transport_of(connection: AsyncConnection) -> asyncio.ReadTransport:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    transport: asyncio.ReadTransport = driver._transport
    return transport


async def test_silent_connection_is_replaced(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FRESH", 0)
    engine = open_engine()
    async with engine.connect() as connection:
        silent = await connection.scalar(BACKEND)
        transport = await transport_of(connection)
    transport.pause_reading()

    async with asyncio.timeout(3), engine.connect() as connection:
        assert await connection.scalar(BACKEND) != silent


async def test_silent_server_is_not_waited_for(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.2)
    engine = open_engine()

    async with asyncio.timeout(3), engine.connect() as connection:
        await connection.execute(BACKEND)
        (await transport_of(connection)).pause_reading()
        with pytest.raises(DatabaseUnavailableError):
            await connection.execute(BACKEND)

    async with engine.connect() as connection:
        assert await connection.scalar(BACKEND)


async def refusal(connection: AsyncConnection, statement: TextClause) -> object:
    """Return the code of what PostgreSQL says to a statement, None if it is done."""
    try:
        await connection.execute(statement)
    except DBAPIError as error:
        return is_unavailable(error) and getattr(error.orig, "sqlstate", None)
    return None


async def test_long_statement(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATEMENT", 0.1)

    async with open_engine().connect() as connection:
        assert await refusal(connection, SLEEP) == "57014"


async def test_lock_that_is_not_free(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK", 0.1)
    engine = open_engine()

    async with engine.connect() as one, engine.connect() as other:
        await one.execute(FIRST)
        assert await refusal(other, FIRST) == "55P03"


async def test_deadlock(open_engine: Open) -> None:
    engine = open_engine()
    async with engine.connect() as one, engine.connect() as other:
        await one.execute(FIRST)
        await other.execute(SECOND)
        codes = await asyncio.gather(refusal(one, SECOND), refusal(other, FIRST))

    assert {*codes} == {None, "40P01"}
