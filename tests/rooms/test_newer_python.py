"""Projects for newer Pythons pass their own lint, which asks for newer syntax from each."""

import subprocess
import sys

import pytest

from tests.rooms.conftest import Render


@pytest.mark.parametrize("python", ["3.12", "3.13", "3.14"])
def test_lint_of_a_newer_python(render: Render, python: str) -> None:
    project = render(python=python, auth=True, graphql=True, tenancy=True, versioning=True)

    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
