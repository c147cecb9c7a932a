"""How text looks on a stream: width, colour. What is printed is ASCII but for the user's words."""

import os
import re
import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST, _WIDEST = 40, 100
_QUOTED, _GLUE = re.compile("`[^`]*`"), "\0"


@dataclass(frozen=True, slots=True)
class Look:
    """The width of the terminal in columns, and whether colour is wanted."""

    width: int = 80
    colour: bool = False

    def style(self, text: str, name: str) -> str:
        """`text` in a colour or weight, or as it is; meaning never hangs on it."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour and text else text

    def heading(self, text: str) -> str:
        return self.style(text, "bold")

    def wrap(self, text: str, indent: int = 0) -> list[str]:
        """`text` in lines that fit, each begun with `indent` spaces.

        Words are never broken, nor is what stands in backquotes.
        """
        lead = " " * indent
        whole = _QUOTED.sub(lambda quoted: quoted.group().replace(" ", _GLUE), text)
        lines = textwrap.wrap(
            whole,
            self.width,
            initial_indent=lead,
            subsequent_indent=lead,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [line.replace(_GLUE, " ") for line in lines]

    def table(self, rows: Iterable[tuple[str, str]], indent: int = 2) -> list[str]:
        """Two columns; where both don't fit side by side, the second goes below the first."""
        rows = list(rows)
        left = max((len(first) for first, _ in rows), default=0)
        at = indent + left + 2
        stacked = at > self.width // 2 + 4
        lines: list[str] = []
        for first, second in rows:
            if stacked:
                lines.append(" " * indent + first)
                lines += self.wrap(second, indent + 4)
                continue
            told = self.wrap(second, at) or [""]
            lines.append(f"{' ' * indent}{first.ljust(left)}  {told[0].strip()}".rstrip())
            lines += told[1:]
        return lines


def look_of(stream: TextIO) -> Look:
    """The look of a stream under the environment: NO_COLOR, FORCE_COLOR, TERM, COLUMNS."""
    columns = shutil.get_terminal_size().columns
    return Look(min(max(columns, _NARROWEST), _WIDEST), _colour(stream))


def _colour(stream: TextIO) -> bool:
    if _set("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return _set("FORCE_COLOR") or is_terminal(stream)


def _set(variable: str) -> bool:
    return bool(os.environ.get(variable))


def is_terminal(stream: TextIO | None) -> bool:
    """Whether someone sits at the stream; a closed one is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
