"""Projects with what they declare: alone, with the oldest versions and with today's newest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix import template
from tests.matrix.cases import NAMED, Case
from tests.matrix.environments import interpreter
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


def declared(project: Path, environment: Path, *more: str) -> PlainRunner:
    """Runs suites with what a project declares, and with nothing besides."""
    uv("venv", "-q", "--python", sys.executable, str(environment), cwd=project)
    python = str(interpreter(environment))
    source = ["-r", "pyproject.toml", "--group", "dev"]
    uv("pip", "install", "-q", "--python", python, *more, *source, cwd=project)
    return PlainRunner(python)


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
@pytest.mark.parametrize(
    "choice",
    [
        {},
        NAMED["nothing"],
        NAMED["graphql-only"],
        NAMED["observed"],
        {"tenancy": "row"},
        {"versioning": "path"},
    ],
    ids=lambda choice: Case.of(choice).id,
)
def test_suite_needs_only_what_the_project_declares(tmp_path: Path, choice: dict[str, str]) -> None:
    project = tmp_path / "demo"
    template.render(Case.of(choice), project)
    outcome = declared(project, tmp_path / "environment").run(project)
    assert outcome.exit_code == 0, outcome.output


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
    runner = declared(project, environment, "--resolution", resolution)
    surroundings = {}
    if database == "postgres":
        surroundings["TEST_DATABASE_URL"] = services.postgres(run_folder / "postgres")
    outcome = runner.run(project, env=surroundings)
    assert outcome.exit_code == 0, outcome.output
