"""How quick a generated application is, beside the same endpoints in other frameworks.

    python benchmarks/app.py [--quick] [--write]

Starts each application with one worker, in an environment made for this run, and asks for the same
things: its health, one item from SQLite and from PostgreSQL, a validated POST, and the export of
100,000 rows. Rounds go through all applications in turn; medians are told. The item is asked
for in turns of a second, while all applications run. `--quick` is one short
round with SQLite alone; `--write` puts the tables into docs/benchmarks.md. Needs wrk and uv, a
PostgreSQL (`TEST_DATABASE_URL`, or the one of this machine) and a Redis (`REDIS_URL`).
"""

import argparse
import asyncio
import getpass
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from figures import Effort, Figures, told
from page import tell
from serving import BODY, check_tools, in_turns, serving
from subjects import BARE, DEFAULT, Subject, drop, fill, subjects

SERVER = os.environ.get(
    "TEST_DATABASE_URL", f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres"
)
FULL = Effort(3, 15, 5, 100_000, ("SQLite", "PostgreSQL"))
QUICK = Effort(1, 2, 1, 20_000, ("SQLite",))


def measure(work: Path, effort: Effort) -> Figures:
    """Make everything, and go through it in rounds."""
    all_subjects = subjects(work)
    figures = Figures(effort)
    items = prepare(all_subjects, effort)
    imports = {one.name: imports_of(one, work) for one in all_subjects if one.features}
    for _ in range(effort.rounds):
        for kind in effort.kinds:
            for subject in all_subjects:
                if subject.has_items or kind == effort.kinds[0]:
                    print(f"{kind}: {subject.name}", file=sys.stderr, flush=True)
                    ask(figures, subject, kind, items.get((subject.name, kind)), effort)
        for name, modules in imports.items():
            with serving(all_subjects[0], effort.kinds[0], modules) as server:
                figures.same_imports[name].append(server.started_in)
    for kind in effort.kinds:
        print(f"{kind}: an item", file=sys.stderr, flush=True)
        asked = [
            (one, f"{one.prefix}/items/{items[one.name, kind]}")
            for one in all_subjects
            if one.has_items
        ]
        for name, loads in in_turns(asked, kind, effort.turns).items():
            figures.loads[name, f"item, {kind}"] = loads
    drop(all_subjects, SERVER)
    return figures


def prepare(all_subjects: Iterable[Subject], effort: Effort) -> dict[tuple[str, str], str]:
    """Fill the databases; peers share that of the default project. The id of an item in each."""
    items: dict[tuple[str, str], str] = {}
    by_name = {subject.name: subject for subject in all_subjects}
    for kind in effort.kinds:
        for subject in by_name.values():
            if subject.features and (subject.has_items or kind == effort.kinds[0]):
                items[subject.name, kind] = fill(subject, kind, SERVER, effort.rows)
        for subject in by_name.values():
            if not subject.features:
                url = by_name[DEFAULT].urls[kind]
                if subject.name == BARE:
                    url = url.replace("sqlite:", "sqlite+aiosqlite:")
                    url = url.replace("postgresql:", "postgresql+asyncpg:")
                subject.urls[kind] = url
                items[subject.name, kind] = items[DEFAULT, kind]
    return items


def imports_of(subject: Subject, work: Path) -> Path:
    """A file that names the modules of others that an application imports."""
    script = "import app.main, sys; print(*(m for m in sys.modules if m.split('.')[0] != 'app'))"
    listed = work / f"{subject.home.name}-imports"
    listed.write_text(subject.run("SQLite", "-c", script).splitlines()[-1])
    return listed


def ask(figures: Figures, subject: Subject, kind: str, item: str | None, effort: Effort) -> None:
    """Start an application once, and measure it."""
    name, items = subject.name, f"{subject.prefix}/items"
    with serving(subject, kind) as server:
        figures.starts[name].append(server.started_in)
        if kind == effort.kinds[0]:
            found = server.load("/health/live", effort.seconds, subject.headers)
            figures.loads[name, "health"].append(found)
            figures.memory[name].append(server.memory())
        if not subject.has_items:
            return
        headers = server.log_in()
        server.load(f"{items}/{item}", 1, headers)
        figures.exports[name, kind].append(server.export(f"{items}/export", headers, effort.rows))
        found = server.load(items, effort.seconds, headers, BODY)
        figures.loads[name, f"POST, {kind}"].append(found)
    clear(subject.urls[kind])


def clear(url: str) -> None:
    """Delete what was posted, so that all export the same rows."""
    statement = f"DELETE FROM items WHERE name = '{BODY['name']}'"
    scheme, _, place = url.partition("://")
    if scheme.startswith("sqlite"):
        with sqlite3.connect(place.removeprefix("/")) as connection:
            connection.execute(statement)
        connection.close()
        return

    async def execute() -> None:
        connection = await asyncpg.connect(f"postgresql://{place}")
        await connection.execute(statement)
        await connection.close()

    asyncio.run(execute())


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="one short round, SQLite alone")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    said = parser.parse_args()
    check_tools()
    effort = QUICK if said.quick else FULL
    with tempfile.TemporaryDirectory(prefix="forge-benchmark-") as work:
        figures = measure(Path(work), effort)
    tell("app", told(figures), said.write)


if __name__ == "__main__":
    main()
