"""The laws on the real template: what verbs make of a project is what `new` makes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lifecycle.lived import own_dependencies, tree
from tests.support.terminal import Forge

HISTORY = ("migrations/versions/",)


def project_in(forge: Forge, name: str, *flags: str) -> Path:
    return forge.new(*flags, where=forge.fresh(name))


@pytest.mark.parametrize(
    "order",
    [("graphql", "tenancy", "nginx", "auth"), ("auth", "nginx", "tenancy", "graphql")],
    ids="-".join,
)
def test_adding_in_any_order_is_new_with_the_set(real: Forge, order: tuple[str, ...]) -> None:
    project = project_in(real, "step-by-step")
    for name in order:
        real("add", name, cwd=project)
    whole = project_in(real, "whole", *(f"--with-{name}" for name in order))
    assert tree(project, HISTORY) == tree(whole, HISTORY)
    assert (project / "forge.lock").read_bytes() == (whole / "forge.lock").read_bytes()


@pytest.mark.parametrize(("feature", "kind"), [("versioning", "header"), ("graphql", "graphene")])
def test_another_kind_is_new_with_that_kind(real: Forge, feature: str, kind: str) -> None:
    project = project_in(real, "changed", f"--with-{feature}")
    own_dependencies(project)
    real("add", f"{feature}={kind}", cwd=project)
    whole = project_in(real, "whole", f"--{feature}", kind)
    own_dependencies(whole)
    assert tree(project) == tree(whole)


@pytest.mark.parametrize(
    ("flag", "value"), [("--database", "postgres"), ("--python", "3.13"), ("--license", "MIT")]
)
def test_questions_of_the_base_change_by_update(real: Forge, flag: str, value: str) -> None:
    project = project_in(real, "changed", "--with-auth")
    own_dependencies(project)
    models = project / "app" / "invoices" / "models.py"
    models.parent.mkdir()
    models.write_text("MINE = True\n")
    before = tree(project)
    real("update", flag, value, cwd=project)
    whole = project_in(real, "whole", "--with-auth", flag, value)
    own_dependencies(whole)
    models = whole / "app" / "invoices" / "models.py"
    models.parent.mkdir()
    models.write_text("MINE = True\n")
    assert tree(project, HISTORY) == tree(whole, HISTORY)
    real("undo", cwd=project)
    assert tree(project) == before


def test_the_example_leaves_nothing_in_code(real: Forge) -> None:
    project = project_in(real, "lived-in", "--with-graphql")
    (project / "app" / "invoices").mkdir()
    (project / "app" / "invoices" / "router.py").write_text("MINE = True\n")
    real("remove", "example", cwd=project)
    left = [
        name
        for name, (content, _) in tree(project, HISTORY).items()
        if name.startswith("app/") and b"items" in content and b"app.items" in content
    ]
    assert left == []
    assert not (project / "app" / "items").exists()
    assert (project / "app" / "invoices" / "router.py").read_text() == "MINE = True\n"


def test_the_plan_names_keys_gained_and_lost_and_env_keeps_its_own(real: Forge) -> None:
    project = project_in(real, "keys")
    (project / ".env").write_text("LOG_LEVEL=DEBUG\n")
    assert "environment keys gained: AUTH_ACCESS_SECONDS" in real("add", "auth", cwd=project).err
    lines = (project / ".env").read_text().splitlines()
    assert lines[0] == "LOG_LEVEL=DEBUG"
    assert [line.partition("=")[0] for line in lines[1:]] == ["SECRET_KEY"]
    kept = (project / ".env").read_bytes()
    assert "environment keys lost: AUTH_ACCESS_SECONDS" in real("remove", "auth", cwd=project).err
    assert (project / ".env").read_bytes() == kept


def test_a_secret_comes_with_the_line_ending_that_env_has(real: Forge) -> None:
    project = project_in(real, "endings")
    (project / ".env").write_bytes(b"LOG_LEVEL=DEBUG\r\nPORT=8000")
    real("add", "auth", cwd=project)
    *lines, last = (project / ".env").read_bytes().split(b"\r\n")
    assert [line.partition(b"=")[0] for line in lines] == [b"LOG_LEVEL", b"PORT", b"SECRET_KEY"]
    assert last == b""
    assert not any(b"\n" in line for line in lines)


START = """
import asyncio
from app.main import app

async def start() -> None:
    async with app.router.lifespan_context(app):
        print("started")

asyncio.run(start())
"""
OLD_ENV = """
LOG_LEVEL=WARNING
CORS_ORIGINS=["https://example.com"]
MY_OWN_SETTING=1
"""


def starts(project: Path) -> bool:
    """Whether the application starts and stops with the settings of the project's `.env` alone."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return "started" in done.stdout


def test_the_env_of_before_starts_the_application_of_after(real: Forge) -> None:
    """Whatever comes, goes or changes; the keys of what went stay in it."""
    project = project_in(real, "started", "--with-auth", "--with-versioning")
    with (project / ".env").open("a") as env:
        env.write(OLD_ENV)
    kept = (project / ".env").read_bytes()
    assert starts(project)
    for verb in (
        ("add", "tenancy", "graphql", "metrics", "sentry", "tracing"),
        ("add", "versioning=header"),
        ("remove", "auth", "example", "metrics"),
        ("update", "--description", "Another one"),
    ):
        real(*verb, cwd=project)
        assert (project / ".env").read_bytes() == kept
        assert starts(project), verb
