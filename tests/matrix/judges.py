"""Judges of a generated project: each answers with what is wrong, or with nothing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pathspec

from tests.matrix import oracle
from tests.matrix.cases import Case
from tests.matrix.runner import Runner, environment
from tests.matrix.verdicts import Verdict

LEFT_OVER = {".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", ".git"}
CODE = ("app/", "migrations/", "tests/")
MAY_BE_EMPTY = {"__init__.py", "py.typed"}
WINDOWS_DEVICES = re.compile(r"^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)", re.IGNORECASE)
ACCEPTED_IN_NAMES = re.compile(r"^[^<>:\"|?*\\\x00-\x1f]*[^<>:\"|?*\\\x00-\x1f. ]$")
# Files that name features as answers or as history, not as part of the project.
ABOUT_ANSWERS = {".copier-answers.yml", "forge.lock"}


def files(project: Path) -> list[str]:
    """All files of a project, relative, with `/`; no caches."""
    found = []
    for folder, folders, names in os.walk(project):
        folders[:] = sorted(set(folders) - LEFT_OVER)
        found += [Path(folder, name).relative_to(project).as_posix() for name in names]
    return sorted(found)


def code(project: Path) -> list[str]:
    """What a suite and a type checker surely read."""
    return [
        path
        for path in files(project)
        if path.startswith(("app/", "migrations/", "tests/"))
        or path in ("pyproject.toml", "alembic.ini")
    ]


def text(project: Path, path: str) -> str | None:
    """The text of a file; nothing for a binary one."""
    try:
        return (project / path).read_bytes().decode()
    except UnicodeDecodeError:
        return None


def tool(
    project: Path, *command: str, env: dict[str, str] | None = None, python: str = sys.executable
) -> str:
    """Output of a tool of an environment that found fault; empty when it found none."""
    done = subprocess.run(
        [python, "-m", *command],
        cwd=project,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return "" if done.returncode == 0 else f"{' '.join(command)}: {done.returncode}\n{done.stdout}"


def suite(project: Path, runner: Runner, surroundings: dict[str, str]) -> Verdict:
    """The project's own tests."""
    outcome = runner.run(project, env=surroundings)
    complaint = "" if outcome.exit_code == 0 else f"exit {outcome.exit_code}\n{outcome.output}"
    known = set(code(project))
    beyond = (path for path in outcome.reads if path not in known and not cached(path))
    return Verdict(complaint, tuple(beyond))


def cached(path: str) -> bool:
    return bool(LEFT_OVER & set(path.split("/")))


class TypeChecker:
    """mypy over one tree that is swapped in place, so that one cache serves all projects."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.python = python
        self.tree = folder / "tree"
        self.cache = folder / "cache"
        self.tree.mkdir(parents=True, exist_ok=True)

    def check(self, project: Path) -> Verdict:
        self.swap(project)
        env = {"MYPY_CACHE_DIR": str(self.cache)}
        return Verdict(tool(self.tree, "mypy", env=env, python=self.python))

    def swap(self, project: Path) -> None:
        """Make the tree hold the project's code, touching only what differs."""
        wanted = set(code(project))
        for path in set(files(self.tree)) - wanted:
            (self.tree / path).unlink()
        for path in wanted:
            content = (project / path).read_bytes()
            file = self.tree / path
            if not file.is_file() or file.read_bytes() != content:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        for folder in sorted(
            (each for each in self.tree.rglob("*") if each.is_dir()), reverse=True
        ):
            if not any(folder.iterdir()):
                folder.rmdir()


def lint(project: Path) -> str:
    return tool(project, "ruff", "check", "--no-cache", "--output-format=concise", ".")


def layout(project: Path) -> str:
    return tool(project, "ruff", "format", "--no-cache", "--diff", ".")


def dependencies(project: Path, python: str = sys.executable) -> Verdict:
    """Nothing is imported that is not declared, nothing declared that is not imported."""
    ignored = f"DEP002={'|'.join(oracle.LOADED_BY_NAME)}"
    command = ("deptry", ".", "--no-ansi", "--per-rule-ignores", ignored)
    return Verdict(tool(project, *command, python=python))


def compiled(project: Path) -> str:
    """Every Python file compiles, without so much as a warning."""
    complaints = []
    for path in files(project):
        if path.endswith(".py"):
            try:
                compile((project / path).read_bytes(), path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                complaints.append(f"{path}: {error}")
    return "\n".join(complaints)


def misnamed(path: str) -> str:
    for part in path.split("/"):
        if WINDOWS_DEVICES.match(part) or not ACCEPTED_IN_NAMES.match(part):
            return f"{path}: no name for Windows"
    return ""


# `{{` is also an f-string's brace, GitHub's expression and a template of Prometheus or Mako.
JINJA = {
    "": r"\{%[-+ ]|\{#[-+ ]|(?<!\$)\{\{ *[a-z_.]+ *\}\}",
    ".py": r"\{%[-+ ]|\{#[-+ ]",
    ".json": r"\{%[-+ ]|\{#[-+ ]",
    ".yml": r"\{%[-+ ]|\{#[-+ ]",
    ".yaml": r"\{%[-+ ]|\{#[-+ ]",
    ".html": r"\{#[-+ ]",
}


def jinja(path: str, text: str) -> bool:
    return bool(re.search(JINJA.get(Path(path).suffix, JINJA[""]), text))


def spaced(path: str) -> bool:
    """Whether two blank lines together are the custom of this kind of file."""
    return path.endswith((".py", ".mako"))


LITTER: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("carriage return", lambda _, text: "\r" in text),
    ("no newline at the end", lambda _, text: bool(text) and not text.endswith("\n")),
    ("blank lines at the end", lambda _, text: text.endswith("\n\n") or text == "\n"),
    ("blank line at the start", lambda _, text: text.startswith("\n")),
    ("space at the end of a line", lambda _, text: bool(re.search(r"[ \t]$", text, re.MULTILINE))),
    ("three blank lines together", lambda _, text: "\n\n\n\n" in text),
    ("two blank lines together", lambda path, text: "\n\n\n" in text and not spaced(path)),
    (
        "Jinja mark",
        jinja,
    ),
)


def litter(project: Path) -> str:
    """Nothing shows that the project was put together from pieces."""
    complaints = []
    taken: dict[str, str] = {}
    for path in files(project):
        complaints.append(misnamed(path))
        if (other := taken.setdefault(path.casefold(), path)) != path:
            complaints.append(f"{path}: the same name as {other} on some systems")
        content = text(project, path)
        if content is None:
            continue
        if not content.strip() and Path(path).name not in MAY_BE_EMPTY:
            complaints.append(f"{path}: empty")
        complaints += [f"{path}: {what}" for what, found in LITTER if found(path, content)]
    return "\n".join(filter(None, complaints))


def ignored(project: Path) -> str:
    """Git takes every file of the project."""
    rules = pathspec.GitIgnoreSpec.from_lines((project / ".gitignore").read_text().splitlines())
    return "\n".join(f"{path}: ignored by git" for path in rules.match_files(files(project)))


def silence(project: Path, case: Case) -> str:
    """The project does not speak of a feature that it does not have."""
    complaints = []
    absent = [name for name in oracle.FEATURES if not case.has(name)]
    for path in set(files(project)) - ABOUT_ANSWERS:
        lines = [path, *(text(project, path) or "").splitlines()]
        for name in absent:
            words = re.compile(oracle.WORDS[name], re.IGNORECASE)
            complaints += [
                f"{path}:{number}: speaks of {name}: {line.strip()}"
                for number, line in enumerate(lines)
                if words.search(line)
            ]
    return "\n".join(sorted(complaints))


def keep(project: Path, place: Path) -> Path:
    """Copy a project to where it outlives the run."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(project, place, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OVER))
    return place
