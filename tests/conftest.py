"""Options and places shared by all tests."""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from tests.support.scratch import in_memory

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("forge")
    group.addoption(
        "--matrix",
        choices=("quick", "subsets", "full"),
        default="quick",
        help="how many combinations of features are generated and judged",
    )
    group.addoption(
        "--verdicts",
        metavar="DIR",
        help="keep the verdicts on combinations here, for the next run (default: this run only)",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.option.template = str(ROOT / "templates")
    memory = in_memory()
    if memory and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None
    if not hasattr(config, "workerinput"):
        os.environ["FORGE_RUN"] = tempfile.mkdtemp(prefix="forge-run-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["FORGE_RUN"], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many verdicts were found anew, and how many were known from an equal project."""
    counts = Counter(
        (judge, verdict)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        for judge, verdict in report.user_properties
        if verdict in ("run", "equal")
    )
    for judge in sorted({judge for judge, _ in counts}):
        run, equal = counts[judge, "run"], counts[judge, "equal"]
        terminalreporter.write_line(f"{judge}: {run} run, {equal} equal to one of them")
