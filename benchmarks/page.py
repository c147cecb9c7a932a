"""Writes what a benchmark found into its block of a page of docs/."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"
MATRIX = DOCS / "matrix.md"


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


def write(block: str, text: str, page: Path | None = None) -> None:
    """Put the text between the marks of the block."""
    page = page or PAGE
    begin, end = f"<!-- {block} -->\n", f"<!-- /{block} -->"
    before, rest = page.read_text("utf-8").split(begin)
    page.write_text(f"{before}{begin}{text.strip()}\n{end}{rest.split(end)[1]}", "utf-8")


def tell(block: str, text: str, written: bool, page: Path | None = None) -> None:
    """Print what was found, and write it too if that is wanted."""
    text = f"{machine()}\n\n{text}"
    print(text)
    if written:
        write(block, text, page)
