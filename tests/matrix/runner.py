"""Runs the suite of a generated project: in a fork of a warm interpreter, or plainly."""

import json
import os
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CAN_FORK = hasattr(os, "fork")
TIMEOUT = 900.0
"""Seconds after which a suite counts as hanging."""

# What a suite may know of its surroundings; nothing here names a database of the developer's.
PASSED_ON = (
    "HOME",
    "LANG",
    "PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
    "TMP",
    "TEST_DATABASE_URL",
    "TEST_REDIS_URL",
)


@dataclass(frozen=True)
class Outcome:
    """How a suite ended; `reads` are the project's files it opened, where that was watched."""

    exit_code: int
    output: str
    seconds: float
    reads: tuple[str, ...] = ()


def requirements(project: Path) -> list[Requirement]:
    """What the project declares, its dev group included."""
    document = tomllib.loads((project / "pyproject.toml").read_text())
    names = [*document["project"]["dependencies"], *document["dependency-groups"]["dev"]]
    return [Requirement(name) for name in names]


@cache
def plugin(name: str) -> tuple[str, ...]:
    """Names under which a distribution registers itself with pytest."""
    try:
        entries = distribution(name).entry_points.select(group="pytest11")
    except PackageNotFoundError:
        return ()
    return tuple(entry.value for entry in entries)


def arguments(project: Path) -> list[str]:
    """Options of pytest for a project: only the plugins that it declares itself."""
    plugins = {value for each in requirements(project) for value in plugin(each.name)}
    chosen = [option for value in sorted(plugins) for option in ("-p", value)]
    return ["-q", "-p", "no:cacheprovider", *chosen]


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    fixed = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | fixed | (extra or {})


def modules(names: list[str]) -> list[str]:
    """Top-level modules of the named distributions that are installed here.

    Not those of pytest's plugins: pytest rewrites their assertions as it imports them.
    """
    wanted = {canonicalize_name(name) for name in names if not plugin(name)}
    return sorted(
        module
        for module, owners in packages_distributions().items()
        if not module.startswith("_") and wanted & {canonicalize_name(owner) for owner in owners}
    )


class PlainRunner:
    """A new interpreter for each suite: slower, on every system."""

    def __init__(self, python: str = sys.executable, timeout: float = TIMEOUT) -> None:
        self.python = python
        self.timeout = timeout

    def run(
        self, project: Path, extra: list[str] | None = None, env: dict[str, str] | None = None
    ) -> Outcome:
        started = time.monotonic()
        command = [self.python, "-m", "pytest", *arguments(project), *(extra or [])]
        try:
            done = subprocess.run(
                command,
                cwd=project,
                env=environment(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=self.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return Outcome(-9, f"{error}", time.monotonic() - started)
        return Outcome(done.returncode, done.stdout, time.monotonic() - started)

    def close(self) -> None:
        """Nothing is kept open."""


class ForkRunner:
    """One warm interpreter that has imported `warmed` distributions and forks for each suite."""

    def __init__(
        self, warmed: list[str], python: str = sys.executable, timeout: float = TIMEOUT
    ) -> None:
        self.timeout = timeout
        script = Path(__file__).with_name("warm.py")
        self.process = subprocess.Popen(
            [python, "-P", "-B", str(script), "pytest", *modules(warmed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            text=True,
        )

    def run(
        self, project: Path, extra: list[str] | None = None, env: dict[str, str] | None = None
    ) -> Outcome:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {
            "project": str(project),
            "arguments": [*arguments(project), *(extra or [])],
            "environment": environment(env),
            "timeout": self.timeout,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the warm interpreter has gone")
        result = json.loads(answer)
        return Outcome(
            result["exit_code"], result["output"], result["seconds"], tuple(result["reads"])
        )

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


Runner = ForkRunner | PlainRunner
