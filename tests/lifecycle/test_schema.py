"""Whatever order features come and go in, the schema at head is that of `new` with the set."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.engine import make_url

from tests.support.services import postgres
from tests.support.terminal import Forge

FEATURES = ("example", "auth", "tenancy")
REFLECT = Path(__file__).with_name("reflect.py")
ALL_ORDERS = tuple(itertools.permutations(FEATURES))

Database = Callable[[], str]


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Gives URLs of empty databases: of SQLite, or of a server."""
    if request.param == "sqlite":
        yield lambda: f"sqlite+aiosqlite:///{tmp_path / uuid4().hex}.db"
        return
    folder = Path(os.environ["FORGE_RUN"]) / "postgres"
    folder.mkdir(exist_ok=True)
    server, names = postgres(folder), []

    def fresh() -> str:
        names.append(f"forge_schema_{uuid4().hex[:12]}")
        asyncio.run(_execute(server, f"CREATE DATABASE {names[-1]}"))
        url = make_url(server).set(drivername="postgresql+asyncpg", database=names[-1])
        return url.render_as_string(hide_password=False)

    yield fresh
    for name in names:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(server: str, statement: str) -> None:
    import asyncpg  # noqa: PLC0415  (only where there is a server)

    connection = await asyncpg.connect(server)
    await connection.execute(statement)
    await connection.close()


def reflected(project: Path, url: str, revisions: Sequence[str]) -> list[dict[str, Any]]:
    """What the database is like after each revision."""
    environment = {**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "test", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, str(REFLECT), url, *revisions],
        cwd=project,
        env={**environment, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def made(forge: Forge, kind: str, features: Sequence[str]) -> Path:
    """A new project with these of the three, in a directory of its own."""
    names = (*FEATURES, "redis")
    wanted = [f"--with-{name}" if name in features else f"--without-{name}" for name in names]
    where = forge.fresh(f"new-{uuid4().hex[:6]}")
    return forge.new("--database", kind, *wanted, where=where)


def head(forge: Forge, project: Path) -> list[str]:
    heads: list[str] = forge("status", "--json", cwd=project).data["migration_heads"]
    return heads


def cases() -> Iterator[Any]:
    for kind in ("sqlite", "postgres"):
        for number, order in enumerate(ALL_ORDERS):
            usual = number in ((0,) if kind == "sqlite" else (3,))
            yield pytest.param(kind, order, usual, id=f"{kind}-{'-'.join(order)}")


@pytest.mark.parametrize(("database", "order", "usual"), tuple(cases()), indirect=["database"])
def test_schema_at_head_is_that_of_new(
    real: Forge,
    database: Database,
    order: tuple[str, ...],
    usual: bool,
    request: pytest.FixtureRequest,
) -> None:
    if not usual and request.config.getoption("--matrix") != "full":
        pytest.skip("one of six orders; all of them with --matrix=full")
    kind = "postgres" if "postgres" in request.node.callspec.id else "sqlite"
    project = made(real, kind, ())
    sets, revisions = [], []
    there: list[str] = []
    for verb, name in [*(("add", name) for name in order), ("remove", order[0])]:
        real(verb, name, cwd=project)
        there = [*there, name] if verb == "add" else [one for one in there if one != name]
        sets.append(tuple(there))
        (found,) = head(real, project)
        revisions.append(found)
    told = reflected(project, database(), revisions)
    for features, state in zip(sets, told, strict=True):
        assert state["untouched"], features
        (expected,) = reflected(made(real, kind, features), database(), ["head"])
        assert state["schema"] == expected["schema"], features


# Redis takes the place of three tables: each step, and the features after it.
STEPS_WITH_REDIS = (
    (("add", "auth"), {"auth"}),
    (("add", "redis"), {"auth", "redis"}),
    (("add", "tenancy"), {"auth", "redis", "tenancy"}),
    (("remove", "redis"), {"auth", "tenancy"}),
    (("remove", "tenancy"), {"auth"}),
    (("add", "redis", "tenancy"), {"auth", "redis", "tenancy"}),
    (("remove", "auth", "--with-dependents"), {"tenancy"}),
    (("add", "redis"), {"auth", "redis", "tenancy"}),
)


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_schema_at_head_with_redis_is_that_of_new(
    real: Forge, database: Database, request: pytest.FixtureRequest
) -> None:
    kind = "postgres" if "postgres" in request.node.callspec.id else "sqlite"
    project = made(real, kind, ())
    revisions = []
    for command, _ in STEPS_WITH_REDIS:
        real(*command, cwd=project)
        (found,) = head(real, project)
        revisions.append(found)
    told = reflected(project, database(), revisions)
    for (command, features), state in zip(STEPS_WITH_REDIS, told, strict=True):
        (expected,) = reflected(made(real, kind, sorted(features)), database(), ["head"])
        assert state["schema"] == expected["schema"], command
