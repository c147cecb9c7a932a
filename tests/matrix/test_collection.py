"""Suites can be shared among processes: each collects the same tests, in the same order."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix.cases import NAMED, Case
from tests.matrix.conftest import Render
from tests.matrix.runner import arguments, environment

EVERYTHING = NAMED["everything"]
CASES = [
    Case.of(EVERYTHING | {"database": "postgres"}),
    Case.of(EVERYTHING | {"tenancy": "schema", "versioning": "header", "database": "postgres"}),
    Case.of(EVERYTHING | {"tenancy": "database", "nginx": "socket"}),
    Case.of(EVERYTHING | {"tenancy": "off", "redis": "off"}),
]


def collected(project: Path, seed: int) -> list[str]:
    """The tests that a process finds whose sets are ordered by a seed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments(project), "--collect-only"],
        cwd=project,
        env=environment({"PYTHONHASHSEED": str(seed)}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_process_collects_the_same(render: Render, case: Case) -> None:
    project = render(case)

    assert collected(project, 1) == collected(project, 2)
