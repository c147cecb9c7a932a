"""How long the command line takes, beside Python's bare start, plain Copier and other generators.

    python benchmarks/cli.py [REPEATS] [--write]

Medians of runs that take turns; the ratios are what to compare between machines. The generators
come from PyPI, each into an environment of its own, made by uv. `--write` puts the tables into
docs/benchmarks.md.
"""

import argparse
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

from page import table, tell

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
FORGE = [sys.executable, "-m", "fastapi_forge"]
COPIER = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet"]
TIMEOUT = 120  # seconds for one command


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
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed forge has its bytecode
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=here,
        env=environment,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
    )
    return time.perf_counter() - began


@contextmanager
def scratch() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="forge-benchmark-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def measure(all_cases: list[Case], repeats: int) -> dict[str, float]:
    """Medians of some runs, after one that warms the caches; the cases take turns."""
    took: dict[str, list[float]] = {case.name: [] for case in all_cases}
    for _ in range(repeats + 1):
        for case in all_cases:
            with scratch() as here:
                case.prepare(here)
                took[case.name].append(run(case.command, here, case.env))
    return {name: statistics.median(times[1:]) for name, times in took.items()}


def own_table(repeats: int) -> str:
    """forge's commands."""
    seconds = measure(list(cases()), repeats)
    bare, small = seconds["python -c pass"], seconds["copier copy, smallest"]
    full = seconds["copier copy, fullest"]
    rows = []
    for name, took in seconds.items():
        reference = full if "full" in name or "last" in name else small
        ratios = [f"{took / bare:.1f}", f"{took / reference:.2f}"]
        rows.append([f"`{name}`", f"{took * 1000:.0f} ms", *ratios])
    return table(["", "time", "to Python's start", "to plain Copier"], rows)


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator from PyPI: what starts it, and what makes a project `myapi` without asking."""

    package: str
    program: str
    new: tuple[str, ...]


GENERATORS = (
    Generator(
        "fastapi-template",
        "fastapi_template",
        (
            *("--quiet", "--name=myapi", "--api-type=rest", "--db=sqlite", "--orm=sqlalchemy"),
            *("--ci=none", "--migrations", "--dummy", "--routers"),
        ),
    ),
    Generator(
        "fastapi-fullstack",
        "fastapi-fullstack",
        ("create", "myapi", "--minimal", "--ai-framework=none", "--frontend=none"),
    ),
    Generator("poleposition", "poleposition", ("start", "myapi")),
)


def generator_table(work: Path, repeats: int) -> str:
    """Other generators, and forge from an environment of its own."""
    tools = work / "tools"  # git, and an installer that does nothing: the generator alone is timed
    tools.mkdir()
    (tools / "uv").write_text("#!/bin/sh\n")
    (tools / "uv").chmod(0o755)
    git = shutil.which("git")
    if git:
        (tools / "git").symlink_to(git)
    forge = Generator(str(ROOT), "forge", ("new", "myapi", "-y"))
    rows, base = [], 0.0
    for generator in (forge, *GENERATORS):
        python, version = installed(work, generator)
        program = str(python.parent / generator.program)
        env = (("PATH", f"{python.parent}{os.pathsep}{tools}"), ("PYTHONPATH", ""))
        name = "forge" if generator is forge else generator.package
        row = [f"{name} {version}"]
        try:
            helped = measure([Case("help", [program, "--help"], env=env)], repeats)["help"]
            new = [program, *generator.new]
            made = measure([Case("new", new, env=env)], repeats)["new"]
            base = base or made
            row += [f"{helped * 1000:.0f} ms", f"{made:.2f} s", f"{made / base:.1f}"]
            row.append(str(files_of(new, env)))
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            row += ["", "does not run without a terminal or the network", "", ""]
            print(error, file=sys.stderr)
        rows.append(row)
    return table(["", "`--help`", "a project", "to forge", "files in it"], rows)


def installed(work: Path, generator: Generator) -> tuple[Path, str]:
    """Install a generator; its interpreter and its version."""
    folder = work / Path(generator.package).name
    python = folder / "bin" / "python"
    run(["uv", "venv", "-q", "-p", sys.executable, str(folder)], work)
    run(["uv", "pip", "install", "-q", "-p", str(python), generator.package], work)
    name = "forge-fastapi" if generator.program == "forge" else generator.package
    script = f"import importlib.metadata as m; print(m.version({name!r}))"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return python, done.stdout.strip()


def files_of(new: list[str], env: tuple[tuple[str, str], ...]) -> int:
    """How many files a fresh project has, git's own aside."""
    with scratch() as here:
        run(new, here, env)
        paths = (here / "myapi").rglob("*")
        return sum(path.is_file() and ".git" not in path.parts for path in paths)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("repeats", nargs="?", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    said = parser.parse_args()
    own = own_table(said.repeats)
    with scratch() as work:
        others = generator_table(work, said.repeats)
    told = [
        f"Medians of {said.repeats} runs.",
        own,
        "### Other generators",
        others,
        "Each from its environment, answered by flags, for a project with SQLite and an example "
        "where it has them. `uv` does nothing there: fastapi-template would install the project's "
        "packages. fastapi-fullstack has PostgreSQL only.",
    ]
    tell("cli", "\n\n".join(told), said.write)


if __name__ == "__main__":
    main()
