"""The fullest project with the oldest dependencies it declares, and with today's newest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix import template
from tests.matrix.cases import NAMED, Case
from tests.matrix.runner import PlainRunner
from tests.support import services


def uv(*arguments: str, cwd: Path) -> None:
    done = subprocess.run(
        ["uv", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"uv {' '.join(arguments)}\n{done.stdout}"


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_fullest_project(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    run_folder: Path,
    resolution: str,
    database: str,
) -> None:
    if request.config.getoption("--matrix") != "full":
        pytest.skip("takes its packages from the index; --matrix=full runs it")
    project, environment = tmp_path / "demo", tmp_path / "environment"
    template.render(Case.of(NAMED["everything"] | {"database": database}), project)
    uv("venv", "-q", "--python", sys.executable, str(environment), cwd=project)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    source = ["-r", "pyproject.toml", "--group", "dev"]
    uv(
        *("pip", "install", "-q", "--python", str(python), "--resolution", resolution, *source),
        cwd=project,
    )
    surroundings = {}
    if database == "postgres":
        surroundings["TEST_DATABASE_URL"] = services.postgres(run_folder / "postgres")
    outcome = PlainRunner(str(python)).run(project, env=surroundings)
    assert outcome.exit_code == 0, outcome.output
