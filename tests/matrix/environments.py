"""Where projects run: in the environment of these tests, or in one that a kind needs for itself."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from pathlib import Path

from filelock import FileLock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.matrix import judges, oracle, template
from tests.matrix.cases import NAMED, Case
from tests.matrix.runner import CAN_FORK, ForkRunner, PlainRunner, Runner, requirements

JUDGES = ("deptry",)


class UnavailableError(Exception):
    """An environment can't be made here."""


def python_of(case: Case) -> str:
    """The Python that has the packages of a case."""
    return python_apart(case.apart) if case.apart else sys.executable


@cache
def python_apart(apart: oracle.Apart) -> str:
    """A Python with the packages of a kind: the one that is named, else made and kept in a cache.

    Raises UnavailableError where there is no uv, or no index for it.
    """
    if named := os.environ.get(apart.variable):
        return named
    if shutil.which("uv") is None:
        raise UnavailableError(f"uv is not installed; {apart.variable} names a Python")
    wanted, pins = wishes(apart), constraints(apart)
    key = hashlib.sha256("\n".join([sys.version, *wanted, *pins]).encode()).hexdigest()[:16]
    folder = cache_folder() / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "complete").exists():
            make(folder, wanted, pins, apart.variable)
    return str(interpreter(folder))


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "forge-environments"


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def make(folder: Path, wanted: list[str], pins: list[str], variable: str) -> None:
    python = str(interpreter(folder))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        for command in (
            ["venv", "--clear", "--python", sys.executable, str(folder)],
            ["pip", "install", "--python", python, "--constraints", file.name, *wanted],
        ):
            done = subprocess.run(
                ["uv", *command], cwd=folder.parent, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise UnavailableError(f"{done.stderr.strip()}; {variable} names a Python")
    (folder / "complete").touch()


def wishes(apart: oracle.Apart) -> list[str]:
    """What the fullest project of a kind declares, and what judges it."""
    [choice] = [dict([key]) for key, value in oracle.APART.items() if value == apart]
    case = Case.of(NAMED["everything"] | {"database": "postgres"} | choice)
    with tempfile.TemporaryDirectory() as folder:
        template.render(case, Path(folder))
        declared = [str(each) for each in requirements(Path(folder))]
    return sorted({*declared, *JUDGES})


def constraints(apart: oracle.Apart) -> list[str]:
    """The versions that these tests are known to pass with, but for those that differ."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pins = {name_of(pin): pin for pin in document["tool"]["uv"]["constraint-dependencies"]}
    return sorted((pins | {name_of(pin): pin for pin in apart.pins}).values())


def name_of(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


class Bench:
    """What judges projects by running something of one environment; each part made once."""

    def __init__(self, python: str, warmed: list[str], folder: Path) -> None:
        self.python = python
        self.runner: Runner = ForkRunner(warmed, python) if CAN_FORK else PlainRunner(python)
        self.type_checker = judges.TypeChecker(folder, python)
