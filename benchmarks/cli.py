"""How long the command line takes, beside Python's bare start and plain Copier in the same run.

Run `python benchmarks/cli.py [REPEATS]`. Medians; the ratios are what to compare between machines.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
FORGE = [sys.executable, "-m", "fastapi_forge"]
COPIER = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet"]


@dataclass(frozen=True, slots=True)
class Case:
    """A command to time; `prepare` makes the directory that it runs in."""

    name: str
    command: list[str]
    prepare: Callable[[Path], None] = lambda _: None
    env: tuple[tuple[str, str], ...] = ()


def project(*flags: str) -> Callable[[Path], None]:
    """Prepares a project in the directory itself."""

    def prepare(here: Path) -> None:
        run([*FORGE, "new", "myapi", "-y", "--no-git", "-q", *flags], here)
        for entry in (here / "myapi").iterdir():
            entry.rename(here / entry.name)
        (here / "myapi").rmdir()

    return prepare


def copier(*names: str) -> list[str]:
    """Plain Copier with features on."""
    data = [word for name in names for word in ("--data", f"with_{name}=true")]
    return [*COPIER, "--data", "project_name=myapi", *data, str(TEMPLATES), "myapi"]


def cases() -> Iterator[Case]:
    """All that is timed."""
    new = [*FORGE, "new", "myapi", "-y", "--no-git"]
    asked = (
        ("_FORGE_COMPLETE", "complete_bash"),
        ("COMP_WORDS", "forge add "),
        ("COMP_CWORD", "2"),
    )
    yield Case("python -c pass", [sys.executable, "-c", "pass"])
    yield Case("forge --help", [*FORGE, "--help"])
    yield Case("forge new --help", [*FORGE, "new", "--help"])
    yield Case("forge features", [*FORGE, "features"])
    yield Case("completion of add", FORGE, project(), asked)
    yield Case("forge new, smallest", [*new, "--preset", "minimal"])
    yield Case("copier copy, smallest", [*copier(), "--data", "with_example=false"])
    yield Case("forge new, fullest", [*new, "--preset", "full"])
    yield Case("copier copy, fullest", copier(*features()))
    yield Case("forge add graphql", [*FORGE, "add", "graphql"], project())
    yield Case("forge add, last of all", [*FORGE, "add", "graphql"], project(*all_but("graphql")))
    yield Case("forge status, fullest", [*FORGE, "status"], project("--preset", "full"))


def features() -> tuple[str, ...]:
    """The names in the catalogue."""
    sys.path.insert(0, str(ROOT))
    from fastapi_forge.template.catalog import load_catalog  # noqa: PLC0415

    return tuple(load_catalog(TEMPLATES).features)


def all_but(name: str) -> tuple[str, ...]:
    return ("--preset", "full", f"--without-{name}")


def run(command: list[str], here: Path, env: tuple[tuple[str, str], ...] = ()) -> float:
    """Seconds that the command takes; a failing one ends the run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CI": "1", **dict(env)}
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=here,
        env=environment,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return time.perf_counter() - began


@contextmanager
def scratch() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="forge-benchmark-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def measure(case: Case, repeats: int) -> float:
    """The median of some runs, after one that warms the caches."""
    took = []
    for _ in range(repeats + 1):
        with scratch() as here:
            case.prepare(here)
            took.append(run(case.command, here, case.env))
    return statistics.median(took[1:])


def main() -> None:
    """Print the table."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = {case.name: measure(case, repeats) for case in cases()}
    bare, small = seconds["python -c pass"], seconds["copier copy, smallest"]
    full = seconds["copier copy, fullest"]
    print(f"{'':26}{'ms':>7}{'bare':>8}{'copier':>8}")
    for name, took in seconds.items():
        reference = full if "full" in name or "last" in name else small
        print(f"{name:26}{took * 1000:7.0f}{took / bare:8.1f}{took / reference:8.2f}")


if __name__ == "__main__":
    main()
