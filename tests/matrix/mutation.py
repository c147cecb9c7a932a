"""Breaks generated code room by room and counts what the generated suites catch.

    python -m tests.matrix.mutation --room auth --sample 100 --seed 1

A mutant is run in the smallest project that has its file, and where that project's suite does not
notice, in the fullest one; tests that lie like the broken file run first. Survivors are printed
with file, line and what was done.
"""

import argparse
import hashlib
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from queue import Queue
from typing import TypeAlias

from tests.matrix import oracle, template
from tests.matrix.cases import NAMED, Case
from tests.matrix.environments import python_of
from tests.matrix.mutants import Mutant, mutants, mutated
from tests.matrix.runner import CAN_FORK, ForkRunner, Outcome, PlainRunner, Runner, requirements
from tests.support import services
from tests.support.scratch import in_memory

BASE_ROOMS = {"single_tenant", *(value for values in oracle.QUESTIONS.values() for value in values)}
SLACK = 5.0
"""A suite that takes this many times as long as without a fault has noticed it."""

Homes: TypeAlias = Callable[[tuple[str, ...]], list[Case]]
"""The cases in which the faults of a file are tried, by the rooms that it comes from."""


@dataclass(frozen=True)
class Fault:
    """A mutant of a generated file, with the rooms that the file comes from and its digest."""

    rooms: tuple[str, ...]
    path: str
    origin: str
    mutant: Mutant

    @property
    def room(self) -> str:
        return "/".join(self.rooms) or "base"


def sources(room: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Application files that come from a room or a room in it, each with its rooms.

    A file that several rooms bring comes once from each.
    """
    for path in template.files():
        rooms = template.room(path)
        target = template.target(path)
        if target and target.startswith("app/") and target.endswith(".py") and belongs(rooms, room):
            yield target, rooms


def belongs(rooms: tuple[str, ...], room: str) -> bool:
    if room == "base":
        return set(rooms) <= BASE_ROOMS
    return room == "all" or room in rooms or room == "/".join(rooms)


def fitted(choice: dict[str, str], rooms: tuple[str, ...]) -> Case | None:
    """The choice changed as little as makes the rooms render, where that is possible."""
    for name in rooms:
        decision = template.decided_by(name)
        if decision and choice[decision[0]] not in decision[1]:
            factor, fitting = decision
            chosen = next(value for value in oracle.values(factor) if value in fitting)
            choice = choice | {factor: chosen}
    for rule in oracle.RULES:
        if not rule.holds(choice):
            choice = choice | {rule.needed: rule.values[0]}
    return Case.of(choice) if oracle.valid(choice) else None


def homes(rooms: tuple[str, ...], database: str) -> list[Case]:
    """The smallest and the fullest case that have a file of these rooms, on a database."""
    defaults = {factor: oracle.default(factor) for factor in oracle.factors()}
    fullest = defaults | NAMED["everything"] | {"database": database}
    smallest = fullest | NAMED["nothing"]
    found = [fitted(smallest, rooms), fitted(fullest, rooms)]
    return list(dict.fromkeys(case for case in found if case))


class Bench:
    """Projects rendered once, in each of which one fault at a time is tried."""

    def __init__(self, folder: Path, warmed: list[str]) -> None:
        self.folder = folder
        self.warmed = warmed
        self.runners: dict[str, Runner] = {}
        self.seconds: dict[Case, float] = {}

    def runner(self, case: Case) -> Runner:
        """The runner of the environment that the case needs."""
        python = python_of(case)
        if python not in self.runners:
            self.runners[python] = (
                ForkRunner(self.warmed, python) if CAN_FORK else PlainRunner(python)
            )
        return self.runners[python]

    def project(self, case: Case) -> Path:
        """A rendered project whose own suite is green."""
        project = self.folder / (case.id or "default")
        if case not in self.seconds:
            template.render(case, project)
            outcome = self.run(case, project, 600, ["-x"])
            if outcome.exit_code:
                sys.exit(f"{case.id}: red before any fault was put in\n{outcome.output}")
            self.seconds[case] = outcome.seconds
        return project

    def catches(self, case: Case, fault: Fault) -> bool:
        """Whether the suite of the case notices the fault."""
        project = self.project(case)
        file = project / fault.path
        original = file.read_bytes()
        file.write_text(mutated(original.decode(), fault.mutant))
        try:
            timeout = 10 + SLACK * self.seconds[case]
            extra = ["-x", *nearest_first(project, fault.path)]
            return self.run(case, project, timeout, extra).exit_code != 0
        finally:
            file.write_bytes(original)

    def run(self, case: Case, project: Path, timeout: float, extra: list[str]) -> Outcome:
        runner = self.runner(case)
        runner.timeout = timeout
        server = {}
        if case.full["database"] == "postgres":
            server["TEST_DATABASE_URL"] = services.postgres(self.folder / "postgres")
        return runner.run(project, extra, server)


def nearest_first(project: Path, path: str) -> list[str]:
    """The files of a suite, those first whose path shares most words with the application's."""
    words = set(PurePath(path).with_suffix("").parts)

    def distance(test: Path) -> tuple[int, Path]:
        parts = {part.removeprefix("test_") for part in test.with_suffix("").parts}
        return -len(words & parts), test

    tests = [file.relative_to(project) for file in project.rglob("tests/**/test_*.py")]
    return [test.as_posix() for test in sorted(tests, key=distance)]


def collect(room: str, folder: Path, homes_of: Homes) -> Iterator[Fault]:
    """Every fault of a room's code as it stands in the fullest of the projects."""
    for path, rooms in sources(room):
        cases = homes_of(rooms)
        if not cases:
            continue
        project = folder / cases[-1].id
        if not project.exists():
            template.render(cases[-1], project)
        source = (project / path).read_bytes()
        for mutant in mutants(source.decode()):
            yield Fault(rooms, path, digest(project / path), mutant)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def caught(bench: Bench, fault: Fault, cases: list[Case]) -> bool:
    """Whether any of the cases notices the fault; cases where the file reads otherwise are no."""
    projects = [(case, bench.project(case) / fault.path) for case in cases]
    return any(
        bench.catches(case, fault) for case, file in projects if digest(file) == fault.origin
    )


def report(verdicts: dict[Fault, bool]) -> str:
    rooms: dict[str, list[Fault]] = defaultdict(list)
    for fault in verdicts:
        rooms[fault.room].append(fault)
    lines = []
    for room, faults in sorted(rooms.items()):
        noticed = sum(verdicts[fault] for fault in faults)
        lines.append(f"{room}: {noticed} of {len(faults)} caught ({noticed / len(faults):.0%})")
        survivors = [fault for fault in faults if not verdicts[fault]]
        lines += [
            f"  {fault.path}:{fault.mutant.line}: {fault.mutant.what}"
            for fault in sorted(survivors, key=lambda each: (each.path, each.mutant.line))
        ]
    total = sum(verdicts.values())
    share = total / len(verdicts) if verdicts else 1
    return "\n".join([*lines, f"all: {total} of {len(verdicts)} caught ({share:.0%})"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--room", default="all", help="base, a feature, auth/graphql, or all")
    parser.add_argument("--sample", type=int, default=100, help="faults to try; 0: every one")
    parser.add_argument(
        "--smallest", action="store_true", help="try the smallest project alone, not the fullest"
    )
    parser.add_argument("--database", default="sqlite", choices=oracle.values("database"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    places = slice(1) if options.smallest else slice(None)

    def homes_of(rooms: tuple[str, ...]) -> list[Case]:
        return homes(rooms, options.database)[places]

    with tempfile.TemporaryDirectory(dir=in_memory(), prefix="forge-mutation-") as place:
        folder = Path(place)
        faults = list(collect(options.room, folder / "rendered", homes_of))
        random.Random(options.seed).shuffle(faults)
        faults = faults[: options.sample or None]
        print(report(try_all(faults, folder, homes_of, options.workers)))


def try_all(faults: list[Fault], folder: Path, homes_of: Homes, workers: int) -> dict[Fault, bool]:
    """Whether each fault is caught; every worker has its own bench."""
    rendered = next(iter(sorted((folder / "rendered").iterdir())), None)
    if rendered is None:
        sys.exit("no such room")
    warmed = [each.name for each in requirements(rendered)]
    benches: Queue[Bench] = Queue()
    for number in range(workers):
        benches.put(Bench(folder / f"bench{number}", warmed))

    def attempt(fault: Fault) -> bool:
        bench = benches.get()
        try:
            return caught(bench, fault, homes_of(fault.rooms))
        finally:
            benches.put(bench)

    with ThreadPoolExecutor(workers) as pool:
        return dict(zip(faults, pool.map(attempt, faults), strict=True))


if __name__ == "__main__":
    main()
