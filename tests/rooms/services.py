"""Programs and servers that the tests of rooms run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest


def required(program: str) -> str:
    """Where a system's program is; skips where it is missing, but with FORGE_REQUIRE_SERVICES=1."""
    found = shutil.which(program)
    if found is None:
        missing(f"{program} is not installed")
    return found


def missing(reason: str) -> NoReturn:
    """Skip for want of a service, or fail where services are required."""
    if os.environ.get("FORGE_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> str:
    """Where a program of the dev dependencies is."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run to its end; the output of both streams. Fails the test unless it exits with 0."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}"
    return done.stdout
