"""Connections that PostgreSQL has closed: after a restart, or for being idle."""

from pydantic import SecretStr
from sqlalchemy import text

from app.db.engine import create_engine
from app.db.url import normalised

BACKEND = text("SELECT pg_backend_pid()")
END = text("SELECT pg_terminate_backend(:backend, 5000)")


async def test_closed_connections_are_replaced(database: str) -> None:
    engine = create_engine(normalised(SecretStr(database)))

    async with engine.connect() as first, engine.connect() as second:
        closed = {await first.scalar(BACKEND), await second.scalar(BACKEND)}
    async with engine.connect() as third:
        mine = await third.scalar(BACKEND)
        for backend in closed - {mine}:
            assert await third.scalar(END, {"backend": backend})
        async with engine.connect() as fourth:
            assert await fourth.scalar(BACKEND) not in closed

    await engine.dispose()
