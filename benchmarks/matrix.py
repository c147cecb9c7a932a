"""What the combinations of features are, how they fare before the judges, and what that takes.

    python benchmarks/matrix.py subsets --write

Runs `pytest tests/matrix/test_matrix.py --matrix=EXTENT` and with `--write` puts the figures into
docs/matrix.md.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import page

ROOT = Path(__file__).resolve().parent.parent
EXTENTS = ("quick", "subsets", "full")
ANSWERS = {"failure": "failed", "error": "failed", "skipped": "skipped"}


@dataclass
class Judge:
    """How often a judge was asked, and how often it knew the answer from an equal project."""

    asked: int = 0
    known: int = 0
    seconds: float = 0.0


@dataclass
class Figures:
    """What a run of the matrix came to; `seconds` of the wall clock, by all workers together."""

    combinations: set[str] = field(default_factory=set)
    judges: dict[str, Judge] = field(default_factory=lambda: defaultdict(Judge))
    results: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: float = 0.0


def measured(extent: str, workers: int) -> Figures:
    """Run the combinations; a red one is counted as such."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers)]
        command += ["tests/matrix/test_matrix.py", f"--matrix={extent}", f"--junitxml={report}"]
        started = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=False)
        seconds = time.monotonic() - started
        return figures(ElementTree.parse(report).getroot(), seconds)


def figures(report: ElementTree.Element, seconds: float) -> Figures:
    """The figures of a report in JUnit's form, whose tests are called `test_judge[combination]`."""
    found = Figures(seconds=seconds)
    for case in report.iter("testcase"):
        name, _, combination = case.attrib["name"].removesuffix("]").partition("[")
        found.combinations.add(combination)
        judge = found.judges[name.removeprefix("test_").replace("_", " ")]
        judge.asked += 1
        judge.seconds += float(case.attrib["time"])
        judge.known += any(each.get("value") == "equal" for each in case.iter("property"))
        result = next((ANSWERS[each.tag] for each in case if each.tag in ANSWERS), "passed")
        found.results[result] += 1
    return found


def told(found: Figures, workers: int) -> str:
    """The figures in words and a table."""
    names = found.combinations
    postgres = sum("database=postgres" in name for name in names)
    apart = sum("graphene" in name for name in names)
    results = ", ".join(f"{count:,} {result}" for result, count in sorted(found.results.items()))
    rows = [
        [name, f"{judge.asked:,}", f"{judge.known:,}", f"{judge.seconds:,.0f} s"]
        for name, judge in sorted(found.judges.items(), key=lambda pair: -pair[1].seconds)
    ]
    head = ["judge", "projects", "equal to another for it", "time of all workers"]
    return (
        f"{len(names):,} combinations, {postgres:,} of them on PostgreSQL and {apart:,} with "
        f"graphene: {results}, in {found.seconds / 60:.1f} minutes with {workers} workers.\n\n"
        f"{page.table(head, rows)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("extent", choices=EXTENTS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/matrix.md")
    options = parser.parse_args()
    found = measured(options.extent, options.workers)
    page.tell(options.extent, told(found, options.workers), options.write, page.MATRIX)


if __name__ == "__main__":
    main()
