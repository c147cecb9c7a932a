"""Packages that a change takes out of `pyproject.toml`, and the user's own code imports."""

from pathlib import Path

import pytest

from tests.lifecycle.lived import append, put, replace
from tests.support.terminal import Forge

REPORTS = "app/reports/schema.py"
GONE = "`strawberry-graphql` goes from `pyproject.toml`, and code of your own imports `strawberry`"


@pytest.fixture
def project(forge: Forge) -> Path:
    """A project whose GraphQL can go."""
    return forge.new("--with-graphql")


def said_of(forge: Forge, project: Path, *verb: str) -> tuple[list[str], list[str]]:
    """The notices and the next steps that speak of Strawberry; shown beforehand as afterwards."""
    documents = [forge(*verb, *how, "--json", cwd=project).data for how in (("--dry-run",), ())]
    shown, done = (
        tuple([line for line in data[key] if "strawberry" in line] for key in KEYS)
        for data in documents
    )
    assert shown == done
    return done


KEYS = ("notices", "next_steps")


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("import strawberry\n", f"{REPORTS}:1"),
        ("import os\nimport strawberry.types as types\n", f"{REPORTS}:2"),
        ("from strawberry.types import Info\n", f"{REPORTS}:1"),
        ("def schema():\n    import strawberry\n", f"{REPORTS}:2"),
        ("import strawberry\nfrom strawberry import field\n", f"{REPORTS}:1, {REPORTS}:2"),
    ],
)
def test_own_code_that_imports_what_is_no_longer_declared_is_named(
    forge: Forge, project: Path, lines: str, place: str
) -> None:
    put(REPORTS, lines)(project)
    notices, steps = said_of(forge, project, "remove", "graphql")
    assert notices == [f"{GONE} of it: {place}"]
    assert steps == [
        f"take `strawberry` out of {place}, or declare strawberry-graphql in pyproject.toml again"
    ]
    assert "strawberry" not in (project / "pyproject.toml").read_text()


def test_so_is_an_edited_file(forge: Forge, project: Path) -> None:
    append("app/main.py", "\nimport strawberry\n")(project)
    line = len((project / "app" / "main.py").read_text().splitlines())
    (notice,), (step,) = said_of(forge, project, "remove", "graphql")
    assert notice == f"{GONE} of it: app/main.py:{line}"
    assert step.startswith(f"take `strawberry` out of app/main.py:{line}, or ")


def test_a_requirement_that_stays_says_nothing(forge: Forge, project: Path) -> None:
    put(REPORTS, "import strawberry\n")(project)
    replace("pyproject.toml", "strawberry-graphql>=", "strawberry-graphql>=0.341,>=")(project)
    notices, steps = said_of(forge, project, "remove", "graphql")
    assert steps == []
    assert notices == [
        "`pyproject.toml`: `strawberry-graphql>=0.341,>=0.341` stays, since you changed its line"
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (REPORTS, "try:\n    import strawberry\nexcept ImportError:\n    strawberry = None\n"),
        (REPORTS, "from .strawberry import schema\n"),
        (REPORTS, "from app.reports.strawberry import schema\n"),
        (REPORTS, "import strawberry_jam\n"),
        (REPORTS, "# strawberry, but no Python:\n<<<\n"),
        ("strawberry.py", "import strawberry\n"),
        ("notes.txt", "import strawberry\n"),
    ],
)
def test_other_imports_are_none_of_it(forge: Forge, project: Path, path: str, text: str) -> None:
    put(path, text)(project)
    assert said_of(forge, project, "remove", "graphql") == ([], [])


def test_a_change_of_kind_names_them(real: Forge) -> None:
    project = real.new("--graphql", "strawberry")
    put("app/reports/__init__.py", "")(project)
    put(REPORTS, "import graphql\nimport strawberry\n")(project)
    notices, steps = said_of(real, project, "add", "graphql=graphene")
    assert notices == [f"{GONE} of it: {REPORTS}:2"]
    assert len(steps) == 1
