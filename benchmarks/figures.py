"""What benchmarks/app.py found, and its tables."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from page import table
from serving import Export, Load
from subjects import BARE, DEFAULT

ResultT = TypeVar("ResultT")
ASKED = ("health", "item", "POST")


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int
    turns: int
    seconds: int
    rows: int
    kinds: tuple[str, ...]


@dataclass
class Figures:
    """All that was found, by application, or by application and what was asked."""

    effort: Effort
    starts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    same_imports: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    loads: dict[tuple[str, str], list[Load]] = field(default_factory=lambda: defaultdict(list))
    exports: dict[tuple[str, str], list[Export]] = field(default_factory=lambda: defaultdict(list))

    def load(self, name: str, what: str) -> Load:
        return middle(self.loads[name, what], lambda one: one.rate)

    def export(self, name: str, kind: str) -> Export:
        return middle(self.exports[name, kind], lambda one: one.seconds)

    def ratio(self, name: str, other: str, what: str) -> float:
        """Requests a second against another application."""
        return in_pairs(self.loads[name, what], self.loads[other, what], lambda one: one.rate)


def in_pairs(found: Sequence[Load], other: Sequence[Load], key: Callable[[Load], float]) -> float:
    """The middle of the ratios of what was measured in the same turn."""
    return statistics.median(
        key(one) / key(beside) for one, beside in zip(found, other, strict=True)
    )


def middle(found: Sequence[ResultT], key: Callable[[ResultT], float]) -> ResultT:
    """The result in the middle."""
    return sorted(found, key=key)[len(found) // 2]


def told(figures: Figures) -> str:
    """The tables."""
    effort = figures.effort
    asked = dict.fromkeys(what for _, what in figures.loads)
    parts = [
        f"One worker each, 16 connections by wrk, medians of {effort.rounds} rounds of "
        f"{effort.seconds} s; an item is asked for in {effort.turns} turns of a second through "
        "all, and a ratio is the middle of those of a turn. Each application writes a log line "
        "for each request, as it does when it is started as its documentation says.",
        "### Start and memory",
        start_table(figures),
        "A start is from the command to the first answer, beside bare FastAPI with the same "
        "imports. The memory is what is resident after the health checks.",
    ]
    for what in sorted(asked, key=lambda what: ASKED.index(what.split(",")[0])):
        parts += [f"### Requests: {what}", load_table(figures, what)]
    for kind in effort.kinds:
        parts += [f"### Export of {effort.rows:,} rows, {kind}", export_table(figures, kind)]
    parts += ["### What it costs", cost_table(figures)]
    return "\n\n".join(parts)


def start_table(figures: Figures) -> str:
    rows = []
    for name, starts in figures.starts.items():
        took = statistics.median(starts)
        base = figures.same_imports.get(name)
        ratio = f"{took / statistics.median(base):.2f}" if base else ""
        memory = statistics.median(figures.memory[name]) / 2**20
        rows.append([name, f"{took:.2f} s", ratio, f"{memory:.0f} MiB"])
    return table(["", "start", "to the same imports", "memory"], rows)


def load_table(figures: Figures, what: str) -> str:
    rows = []
    for name in figures.starts:
        if figures.loads[name, what]:
            load, ratio = figures.load(name, what), figures.ratio(name, BARE, what)
            times = [f"{took:.2f} ms" for took in (load.p50, load.p99, load.cpu)]
            failed = f" ({load.failed} failed)" if load.failed else ""
            rows.append([name, f"{load.rate:,.0f}{failed}", f"{ratio:.2f}", *times])
    return table(["", "requests/s", "to bare", "p50", "p99", "CPU for one"], rows)


def export_table(figures: Figures, kind: str) -> str:
    rows = []
    base = figures.export(BARE, kind).seconds
    for name in figures.starts:
        if figures.exports[name, kind]:
            export = figures.export(name, kind)
            growth = f"{export.growth / 2**20:.1f} MiB"
            rows.append([name, f"{export.seconds:.2f} s", f"{export.seconds / base:.2f}", growth])
    return table(["", "time", "to bare", "more memory at its peak"], rows)


def cost_table(figures: Figures) -> str:
    pairs = [
        ("the default project to bare FastAPI", DEFAULT, BARE),
        ("with a token's check to the default project", "forge, auth", DEFAULT),
        ("with a tenant to the default project", "forge, tenancy", DEFAULT),
        ("with every feature to bare FastAPI", "forge, fullest", BARE),
    ]
    asked = [f"{what}, {kind}" for what in ("item", "POST") for kind in figures.effort.kinds]
    return table(["requests/s", *asked], ratios(figures, pairs, asked))


def ratios(
    figures: Figures, pairs: Iterable[tuple[str, str, str]], asked: Sequence[str]
) -> Iterable[list[str]]:
    for what, name, other in pairs:
        yield [what, *(f"{figures.ratio(name, other, one):.2f}" for one in asked)]
