"""A first commit changes no generated file: the project is a fixed point of its hooks."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.matrix import oracle
from tests.rooms.conftest import Render
from tests.rooms.services import run, tool

PROJECTS: dict[str, dict[str, bool | str]] = {
    "alone": {"example": False},
    "sqlite": {},
    "everything": {**dict.fromkeys(oracle.FEATURES, True), "database": "postgres"},
}


@pytest.fixture(params=PROJECTS.values(), ids=list(PROJECTS))
def repository(request: pytest.FixtureRequest, render: Render, tmp_path: Path) -> Path:
    """A repository with the generated project staged for its first commit."""
    shutil.copytree(render(**{**request.param, "ci": True}), tmp_path / "demo")
    run("git", "init", "-q", cwd=tmp_path / "demo")
    run("git", "add", "-A", cwd=tmp_path / "demo")
    return tmp_path / "demo"


def staged(repository: Path, suffix: str = "") -> list[str]:
    listed = run("git", "ls-files", "-z", cwd=repository).split("\0")
    return [path for path in listed if path and path.endswith(suffix)]


def test_hooks_change_nothing(repository: Path) -> None:
    configuration = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text())
    suffixes = {"check-json": ".json", "check-toml": ".toml", "check-yaml": ".yml"}
    complaints = []
    for hook in configuration["repos"][0]["hooks"]:
        program = {
            "trailing-whitespace": "trailing-whitespace-fixer",
        }.get(hook["id"], hook["id"])
        files = staged(repository, suffixes.get(hook["id"], ""))
        done = subprocess.run(
            [tool(program), *hook.get("args", []), *files],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            complaints.append(f"{hook['id']}: {done.stdout}{done.stderr}")

    assert complaints == []
    assert run("git", "diff", "--stat", cwd=repository) == ""


def test_formatter_changes_nothing(repository: Path) -> None:
    run(tool("ruff"), "check", "--fix", "--exit-zero", "--no-cache", ".", cwd=repository)
    run(tool("ruff"), "format", "--no-cache", ".", cwd=repository)

    assert run("git", "diff", "--stat", cwd=repository) == ""
