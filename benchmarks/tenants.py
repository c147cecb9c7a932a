"""What tenants cost on PostgreSQL: a request for one, and making and migrating many.

    python benchmarks/tenants.py [TENANTS [ROUNDS]] [--write]

Each kind is measured beside the same project without tenancy, in turns of wrk that go through all
of them. Then TENANTS schemas are made in one process and brought to a new revision by
`python -m app.tenancy migrate`, and all tenants are asked at once, ROUNDS times: each must see its
own item alone. `--write` puts it into docs/benchmarks.md. Needs what benchmarks/app.py needs.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import SERVER
from figures import in_pairs, middle
from page import table, tell
from serving import BODY, Server, check_tools, in_turns, serving
from subjects import TENANT, Subject, database_of, drop, environment, fill, project

KIND = "PostgreSQL"
WITHOUT = "without tenancy"
KINDS = ("row", "schema", "database")
TURNS, ROWS = 20, 1000
MAKE = """
import asyncio, sys, time
from app.main import create_app
from app.tenancy.service import Tenants

async def make():
    app = create_app()
    async with app.router.lifespan_context(app):
        began = time.perf_counter()
        for number in range(int(sys.argv[1])):
            await Tenants(app).create(f"t{number}")
        print(time.perf_counter() - began)

asyncio.run(make())
"""


def subjects(work: Path) -> list[Subject]:
    """Make the projects, and one environment for all."""
    flags = {WITHOUT: (), **{kind: ("--with-tenancy", "--tenancy", kind) for kind in KINDS}}
    homes = {
        name: project(work, f"tenants_{name.split()[0]}", "--database", "postgres", *chosen)
        for name, chosen in flags.items()
    }
    pyproject = str(homes[WITHOUT] / "pyproject.toml")
    python = environment(work / "own", "-r", pyproject, "ruff")  # it formats new revisions
    serve = ("uvicorn", "--port={port}", "--log-config=deploy/log_config.json", "app.main:app")
    return [
        Subject(name, python, serve, home, frozenset({"tenancy" if name in KINDS else "items"}))
        for name, home in homes.items()
    ]


def request_costs(all_subjects: Iterable[Subject], items: dict[str, str]) -> str:
    """A request for an item, of each kind beside the project without tenancy."""
    print("requests", file=sys.stderr, flush=True)
    asked = [(subject, f"/items/{items[subject.name]}") for subject in all_subjects]
    loads = in_turns(asked, KIND, TURNS)
    found = {name: middle(some, lambda one: one.rate) for name, some in loads.items()}
    rows = [
        [
            name,
            f"{load.rate:,.0f}",
            f"{in_pairs(loads[name], loads[WITHOUT], lambda one: one.rate):.2f}",
            f"{load.p99:.2f} ms",
            f"{in_pairs(loads[name], loads[WITHOUT], lambda one: one.cpu):.2f}",
        ]
        for name, load in found.items()
    ]
    return table(["item by id", "requests/s", "to without", "p99", "CPU to without"], rows)


def make_and_migrate(subject: Subject, count: int) -> str:
    """Seconds to make tenants, and to bring all of them to a new revision."""
    print(f"making {count}", file=sys.stderr, flush=True)
    made = float(subject.run(KIND, "-c", MAKE, str(count)).splitlines()[-1])
    subject.run(KIND, "-m", "alembic", "revision", "-m", "one more")
    took = []
    for _ in range(2):
        began = time.perf_counter()
        subject.run(KIND, "-m", "app.tenancy", "migrate")
        took.append(time.perf_counter() - began)
    figures = [("made", made), ("to a new, empty revision", took[0]), ("at head already", took[1])]
    rows = [[what, f"{s:.1f} s", f"{s / count * 1000:.0f} ms"] for what, s in figures]
    return table([f"{count} schemas, one after the other", "time", "for one"], rows)


def ask_all(subject: Subject, count: int, rounds: int) -> str:
    """All tenants at once, in rounds: that none crosses, and the connections they take."""
    slugs = [f"t{number}" for number in range(count)]
    with serving(subject, KIND) as server:
        return asyncio.run(mixed(server, slugs, rounds))


async def mixed(server: Server, slugs: Sequence[str], rounds: int) -> str:
    for slug in slugs:
        status, _ = await ask(server.port, slug, {**BODY, "name": slug})
        if status != HTTPStatus.CREATED:
            raise SystemExit(f"{slug}: {status}")
    statuses: Counter[int] = Counter()
    ended = asyncio.Event()
    watcher = asyncio.create_task(most_connections(server.subject, ended))
    for _ in range(rounds):
        answers = await asyncio.gather(*(ask(server.port, slug) for slug in slugs))
        for slug, (status, body) in zip(slugs, answers, strict=True):
            statuses[status] += 1
            names = [item["name"] for item in body.get("items", [])]
            if status == HTTPStatus.OK and names != [slug]:
                raise SystemExit(f"{slug} sees {names}")
    ended.set()
    told = ", ".join(f"{number:,} answers {status}" for status, number in sorted(statuses.items()))
    return (
        f"{len(slugs)} tenants asked at once for their items, {rounds} times: {told}, no "
        f"tenant saw another's, and there were {await watcher} connections to PostgreSQL at most."
    )


async def ask(port: int, slug: str, body: object = None) -> tuple[int, dict[str, list]]:
    """List a tenant's items on a connection of its own, or post one: status and answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    content = json.dumps(body).encode() if body else b""
    head = [
        f"{'POST' if body else 'GET'} /items HTTP/1.1",
        f"Host: {slug}.localhost",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode() + content)
    answer = await reader.read()
    writer.close()
    start, _, sent = answer.partition(b"\r\n\r\n")
    return int(start.split()[1]), json.loads(sent)


async def most_connections(subject: Subject, ended: asyncio.Event) -> int:
    """Watch the connections to a subject's database; the most there were."""
    connection = await asyncpg.connect(SERVER)
    most = 0
    while not ended.is_set():
        counting = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"
        most = max(most, await connection.fetchval(counting, database_of(subject)))
        await asyncio.sleep(0.01)
    await connection.close()
    return most


def measure(work: Path, count: int, rounds: int) -> str:
    """Make everything, and measure it."""
    all_subjects = subjects(work)
    try:
        items = {one.name: fill(one, KIND, SERVER, ROWS) for one in all_subjects}
        costs = request_costs(all_subjects, items)
        schema = next(one for one in all_subjects if one.name == "schema")
        many = make_and_migrate(schema, count)
        return "\n\n".join([WORDS, costs, many, ask_all(schema, count, rounds)])
    finally:
        for subject in all_subjects:
            if subject.name == "database" and KIND in subject.urls:
                subject.run(KIND, "-m", "app.tenancy", "delete", TENANT, "--yes")
        drop([one for one in all_subjects if KIND in one.urls], SERVER)


WORDS = (
    f"One worker each, 16 connections by wrk, {TURNS} turns of a second through all; the middle, "
    "and the middle ratio of a turn. Tenants are made and migrated one after the other, so one "
    "connection at a time does it."
)


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("tenants", nargs="?", type=int, default=200)
    parser.add_argument("rounds", nargs="?", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    said = parser.parse_args()
    check_tools()
    with tempfile.TemporaryDirectory(prefix="forge-benchmark-") as work:
        text = measure(Path(work), said.tenants, said.rounds)
    tell("tenants", text, said.write)


if __name__ == "__main__":
    main()
