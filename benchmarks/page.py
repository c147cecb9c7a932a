"""Writes what a benchmark found into its block of docs/benchmarks.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def machine() -> str:
    """When and on what was measured, in a sentence."""
    known = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (known.read_text().splitlines() if known.is_file() else ())
        if line.startswith("model name")
    ]
    processor = models[0] if models else platform.processor() or platform.machine()
    return (
        f"Measured {datetime.now(UTC):%d %B %Y} on {os.cpu_count()} processors ({processor}), "
        f"{platform.system()}, Python {platform.python_version()}."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table: words to the left, figures to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(block: str, text: str) -> None:
    """Put the text between the marks of the block."""
    begin, end = f"<!-- {block} -->\n", f"<!-- /{block} -->"
    before, rest = PAGE.read_text("utf-8").split(begin)
    PAGE.write_text(f"{before}{begin}{text.strip()}\n{end}{rest.split(end)[1]}", "utf-8")


def tell(block: str, text: str, written: bool) -> None:
    """Print what was found, and write it too if that is wanted."""
    text = f"{machine()}\n\n{text}"
    print(text)
    if written:
        write(block, text)
