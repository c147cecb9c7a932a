"""Databases that projects of the tests migrate, and what is in them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.lifecycle.reflect import schema
from tests.support.services import postgres

Database = Callable[[], str]

OWNER = "forge_owner"
"""A role that row-level security binds; it owns the databases."""

_MAKE_OWNER = f"""DO $$ BEGIN CREATE ROLE {OWNER};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


def of_sqlite(folder: Path) -> Database:
    return lambda: f"sqlite+aiosqlite:///{folder / uuid4().hex}.db"


def of_postgres() -> Iterator[Database]:
    """Databases of one server, in which everybody is the plain role that owns them."""
    folder = Path(os.environ["FORGE_RUN"]) / "postgres"
    folder.mkdir(exist_ok=True)
    server, names = _asyncpg(postgres(folder)), []

    def fresh() -> str:
        names.append(f"forge_schema_{uuid4().hex[:12]}")
        run(server, _MAKE_OWNER, f"CREATE DATABASE {names[-1]} OWNER {OWNER}")
        run(server, f"ALTER DATABASE {names[-1]} SET role = '{OWNER}'")
        return _asyncpg(server, names[-1])

    yield fresh
    for name in names:
        run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _asyncpg(server: str, database: str | None = None) -> str:
    url = make_url(server).set(drivername="postgresql+asyncpg")
    return url.set(database=database or url.database).render_as_string(hide_password=False)


def run(url: str, *statements: str) -> list[list[Any]]:
    """Run statements, each a transaction of its own; the rows of the last one."""

    async def connected() -> list[list[Any]]:
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
        rows: list[list[Any]] = []
        async with engine.connect() as connection:
            for statement in statements:
                result = await connection.execute(sa.text(statement))
                rows = [list(row) for row in result] if result.returns_rows else []
        await engine.dispose()
        return rows

    return asyncio.run(connected())


def schema_of(url: str) -> dict[str, Any]:
    """The tables of a database as `reflect.py` tells them."""

    async def connected() -> dict[str, Any]:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            found = await connection.run_sync(schema)
        await engine.dispose()
        return found

    return asyncio.run(connected())


_ALEMBIC = """import shlex, sys
from alembic.config import main
for command in sys.argv[1:]:
    main(shlex.split(command))
"""


def alembic(
    project: Path, url: str, *commands: str, succeeds: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run commands of Alembic in a project, all in one process."""
    return python(project, url, "-c", _ALEMBIC, *commands, succeeds=succeeds)


def python(
    project: Path, url: str, *arguments: str, succeeds: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run Python in a project, on a database."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"DATABASE_URL": url, "ENVIRONMENT": "test", "LOG_LEVEL": "ERROR", "PATH": path}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, **own, "PYTHONPATH": str(project), "RUFF_NO_CACHE": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
    return done


def reflected(project: Path, url: str, *revisions: str) -> list[dict[str, Any]]:
    """What `reflect.py` says of a database, upgraded to one revision after the other."""
    script = Path(__file__).with_name("reflect.py")
    done = python(project, url, str(script), url, *revisions)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
