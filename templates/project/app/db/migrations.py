"""Migrations, run from the application."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).parents[2]
APPLIED = table("alembic_version", column("version_num"))
LOCK = 7_305_213  # of PostgreSQL's advisory locks; any number that is ours alone


def alembic_config() -> Config:
    return Config(ROOT / "alembic.ini")


@cache
def revisions() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def current_heads(connection: Connection) -> Sequence[str]:
    if not inspect(connection).has_table(APPLIED.name):
        return []
    return connection.scalars(select(APPLIED.c.version_num)).all()


def missing_revisions(connection: Connection) -> set[str]:
    """Return the revisions that this code knows and the database lacks.

    A database that is ahead of the code lacks none.
    """
    return missing_after(current_heads(connection))


def missing_after(current: Sequence[str]) -> set[str]:
    script = revisions()
    known = {revision.revision for revision in script.walk_revisions()}
    if any(revision not in known for revision in current):
        return set()
    applied = {
        revision.revision
        for head in current
        for revision in script.iterate_revisions(head, "base")
    }
    return known - applied


def lock(connection: Connection) -> None:
    """Let one process at a time migrate; the lock ends with the transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def upgrade_under_lock(connection: Connection) -> None:
    lock(connection)
    if missing_revisions(connection):
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def migration_engine(url: SecretStr, **options: Any) -> AsyncEngine:
    """Make an engine for migrations; on SQLite foreign keys stay unchecked by it."""
    if url.get_secret_value().startswith("sqlite"):
        options["timeout"] = 30
    return create_async_engine(
        url.get_secret_value(), poolclass=NullPool, connect_args=options
    )


async def upgrade(url: SecretStr, **options: Any) -> None:
    """Bring a database to head, as local and test do at start.

    The options are the driver's, for its connection.
    """
    engine = migration_engine(url, **options)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade_under_lock)
    finally:
        await engine.dispose()
