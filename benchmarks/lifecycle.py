"""A change of a project that its user has edited: forge beside `copier update`, in one run.

    python benchmarks/lifecycle.py [REPEATS [WORD]] [--write]

WORD chooses edits by their names; `--write` puts the tables into docs/benchmarks.md. First how long
it takes (medians), with and without 10,000 files of the user's; then what becomes of each edit in
`tests/lifecycle/lived.py` when a feature is added: conflicts, and marks of the user that are gone.
Copier gets the same template from a git repository, as its update demands.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from page import table, tell  # noqa: E402

from tests.lifecycle.lived import EDITS, MARK, Edit, append, move, tree  # noqa: E402

TEMPLATES = ROOT / "templates"
FORGE = [sys.executable, "-m", "fastapi_forge"]
COPIER = [sys.executable, "-m", "copier"]
OWN_FILES = 10_000
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def run(command: list[str], here: Path, *, check: bool = True) -> int:
    done = subprocess.run(
        command, cwd=here, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode


@dataclass(frozen=True)
class Tool:
    """How a tool makes a project, and switches a feature on or off in it."""

    name: str
    make: Callable[[Path, tuple[str, ...]], Path]
    switch: Callable[[str, bool], list[str]]
    needs_commit: bool


def by_forge(where: Path, features: tuple[str, ...]) -> Path:
    flags = [f"--with-{name}" for name in features]
    run([*FORGE, "new", "myapi", "-y", "--no-git", "-q", *flags], where)
    return where / "myapi"


def by_copier(where: Path, features: tuple[str, ...]) -> Path:
    template = where / "template"
    shutil.copytree(TEMPLATES, template)
    commit(template)
    run(["git", "tag", "v1"], template)
    data = [word for name in features for word in ("--data", f"with_{name}=true")]
    answers = ["--data", "project_name=myapi", *data]
    run([*COPIER, "copy", "-q", "--defaults", *answers, str(template), "myapi"], where)
    with (where / "myapi" / ".copier-answers.yml").open("a") as record:
        record.write(f"_src_path: {template}\n_commit: v1\n")  # what its update goes by
    return where / "myapi"


def commit(directory: Path) -> None:
    run(["git", "init", "-q"], directory)
    run(["git", "add", "-A"], directory)
    run(["git", "commit", "-qm", "all", "--allow-empty"], directory)


TOOLS = (
    Tool(
        "forge", by_forge, lambda name, on: [*FORGE, "add" if on else "remove", name, "-q"], False
    ),
    Tool(
        "copier update",
        by_copier,
        lambda name, on: [
            *(*COPIER, "update", "-q", "--defaults"),
            *("--data", f"with_{name}={str(on).lower()}"),
        ],
        True,
    ),
)


def seconds(tool: Tool, features: tuple[str, ...], more: int) -> float:
    """How long adding graphql takes, beside `more` files of the user's."""
    with tempfile.TemporaryDirectory() as scratch:
        project = tool.make(Path(scratch), features)
        for number in range(more):
            place = project / "data" / f"{number % 100}" / f"module_{number}.py"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"VALUE = {number}\n")
        if tool.needs_commit:
            commit(project)
        began = time.perf_counter()
        run(tool.switch("graphql", True), project)
        return time.perf_counter() - began


def times(repeats: int) -> str:
    full = ("tenancy", "auth", "versioning", "ci", "nginx", "docker", "gunicorn", "metrics")
    rows = []
    for tool in TOOLS:
        alone, beside = (
            statistics.median(seconds(tool, full, more) for _ in range(repeats))
            for more in (0, OWN_FILES)
        )
        rows.append([tool.name, f"{alone:.2f} s", f"{beside:.2f} s", f"{beside / alone:.2f}"])
    head = ["", "time", f"beside {OWN_FILES:,} files of the user's", "ratio"]
    return f"graphql added to the fullest project, medians of {repeats}:\n\n{table(head, rows)}"


GRAPHQL = "app/graphql/context.py"
REMOVALS = (
    Edit("a file edited, its feature removed", append(GRAPHQL, f"\n# {MARK}\n"), ("graphql",)),
    Edit("a file renamed, then changed", move("app/routes.py", "app/urls.py")),
)


def fate(tool: Tool, edit: Edit, feature: str, on: bool) -> str:
    """What becomes of an edit when a feature is switched."""
    with tempfile.TemporaryDirectory() as scratch:
        project = tool.make(Path(scratch), edit.with_features)
        edit.do(project)
        if tool.needs_commit:
            commit(project)
        before = marks(project)
        code = run(tool.switch(feature, on), project, check=False)
        lost = before - marks(project)
        marked = sum(b"<<<<<<< " in content for content, _ in tree(project).values())
        words = [f"exit {code}"] if code else []
        words += [f"{marked} files with conflict marks"] if marked else []
        words += [f"{lost} marks lost"] if lost > 0 else []
        if edit.name.startswith("a file renamed") and "graphql" not in text_of(project):
            words.append("forge's change is lost" if code == 0 else "nothing written")
        return ", ".join(words) or "kept"


def text_of(project: Path) -> str:
    renamed = project / "app" / "urls.py"
    return renamed.read_text() if renamed.exists() else ""


def marks(project: Path) -> int:
    return sum(
        content.lower().count(MARK.lower().encode()) for content, _ in tree(project).values()
    )


def fates(word: str) -> str:
    rows = []
    for edit in (one for one in (*EDITS, *REMOVALS) if word in one.name):
        on = edit is not REMOVALS[0]
        rows.append([edit.name, *(fate(tool, edit, "graphql", on) for tool in TOOLS)])
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    told = "What becomes of an edit when graphql is added (in the last rows: as said):"
    return f"{told}\n\n{table(['edit', *(tool.name for tool in TOOLS)], rows)}"


if __name__ == "__main__":
    said = [word for word in sys.argv[1:] if word != "--write"]
    found = [times(int(said[0]) if said else 5), fates(said[1] if len(said) > 1 else "")]
    tell("lifecycle", "\n\n".join(found), "--write" in sys.argv)
