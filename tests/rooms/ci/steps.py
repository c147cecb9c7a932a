"""Runs the commands of a generated workflow, as it gives them, in a clean directory.

    python -m tests.rooms.ci.steps PROJECT [--database-url URL]

Steps that use an action are left out, with the image that one of them builds: checkout, Python and
uv are there. The URL stands in for the one of the workflow's own PostgreSQL.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.rooms.servers import plain_environment

WORKFLOW = ".github/workflows/ci.yml"
SERVICE = "postgresql://postgres@127.0.0.1:5432/postgres"
LEFT_OVER = shutil.ignore_patterns(".venv", ".git", ".*_cache", "__pycache__", "*.db", ".env")


def commands(workflow: dict[str, Any], job: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each command of a job with its environment; expressions of GitHub's are left out."""
    described = workflow["jobs"][job]
    for step in described["steps"]:
        if "run" in step:
            environment = workflow.get("env", {}) | described.get("env", {}) | step.get("env", {})
            known = {name: value for name, value in environment.items() if "${{" not in value}
            yield step["run"], known


def run_job(
    project: Path, job: str, postgres: str = "", surroundings: Mapping[str, str] | None = None
) -> None:
    """Run a job's commands in a project; the first one that fails is an error with its output."""
    workflow = yaml.safe_load((project / WORKFLOW).read_text().replace(SERVICE, postgres))
    base = plain_environment() | (surroundings or {})
    for command, environment in commands(workflow, job):
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
        print(f"{job}: {command.strip()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--database-url", default="", help="an empty database of PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        shutil.copytree(options.project, copy, ignore=LEFT_OVER)
        workflow = yaml.safe_load((copy / WORKFLOW).read_text())
        surroundings = {**os.environ, "UV_PYTHON": sys.executable}
        surroundings.pop("VIRTUAL_ENV", None)
        for job in workflow["jobs"]:
            run_job(copy, job, options.database_url, surroundings)


if __name__ == "__main__":
    main()
