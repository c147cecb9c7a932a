"""Whatever order features come and go in, the schema at head is that of `new` with the set."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.lifecycle.databases import Database, reflected
from tests.support.terminal import Forge

FEATURES = ("example", "auth", "tenancy")
ALL_ORDERS = tuple(itertools.permutations(FEATURES))


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
    told = reflected(project, database(), *revisions)
    for features, state in zip(sets, told, strict=True):
        assert state["untouched"], features
        (expected,) = reflected(made(real, kind, features), database(), "head")
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
    told = reflected(project, database(), *revisions)
    for (command, features), state in zip(STEPS_WITH_REDIS, told, strict=True):
        (expected,) = reflected(made(real, kind, sorted(features)), database(), "head")
        assert state["schema"] == expected["schema"], command
