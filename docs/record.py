"""Record `forge new` at a terminal as an animated picture, docs/new.svg.

    python docs/record.py

The real program answers real keys in a pseudo-terminal; a frame is the screen at one moment. The
directory that it ran in, and how long it took, are left out: each machine draws the same picture.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import pyte

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.terminal import DOWN, ENTER, SPACE, Forge, Terminal  # noqa: E402

PICTURE = ROOT / "docs" / "new.svg"
COLUMNS, WIDTH, HEIGHT, MARGIN = 88, 8.4, 19, 16
SECONDS = 2.5
STILL = 2
"""The frame that is shown where nothing moves."""

COLOURS = {
    "default": "#d8dee9",
    "red": "#ef6b73",
    "green": "#8fd19e",
    "brown": "#e5c07b",
    "blue": "#7aa2f7",
    "magenta": "#c792ea",
    "cyan": "#7fd1e0",
    "white": "#ffffff",
}
Run = tuple[int, str, str, bool]
"""Some characters of a line: their column, their text, its colour, whether it is bold."""
Frame = list[list[Run]]


def frames() -> list[Frame]:
    """Answer the questions of `forge new`; the screens on the way."""
    with tempfile.TemporaryDirectory() as folder:
        forge = Forge(Path(folder), ROOT / "templates")
        tools = forge.fresh("bin")
        (tools / "uv").write_text("#!/bin/sh\n")
        (tools / "uv").chmod(0o755)
        path = f"{tools}:{forge.environment()['PATH']}"
        terminal = forge.terminal("new", columns=COLUMNS, env={"PATH": path})
        try:
            return [frame(terminal, forge.here) for _ in steps(terminal)]
        finally:
            terminal.close()


def steps(terminal: Terminal) -> Iterator[None]:
    """Go through the questions, and stop where a picture is taken."""
    terminal.wait_for("Name of the project")
    terminal.send("shop")
    terminal.wait_for("shop")
    yield
    terminal.send(ENTER)
    terminal.wait_for("What to start with")
    terminal.send(DOWN * 4)
    terminal.wait_for("> choose")
    yield
    terminal.send(ENTER)
    terminal.wait_for("Features (Space")
    terminal.send(SPACE + DOWN + SPACE)
    terminal.wait_for("> [x] auth")
    yield
    terminal.send(ENTER)
    terminal.wait_for("which kind")
    yield
    terminal.send(ENTER)
    terminal.wait_for("Database (")
    terminal.send(ENTER)
    terminal.wait_for("Create it?")
    yield
    terminal.send(ENTER)
    terminal.end()
    yield


def frame(terminal: Terminal, here: Path) -> Frame:
    """What the screen shows, without what differs from run to run."""
    rows = [runs(terminal.screen, row) for row in range(terminal.screen.lines)]
    while rows and not rows[-1]:
        rows.pop()
    return [[(at, masked(text, here), *look) for at, text, *look in row] for row in rows]


def masked(text: str, here: Path) -> str:
    return re.sub(r" in \d+\.\d s\b", "", text.replace(str(here), "~"))


def runs(screen: pyte.Screen, row: int) -> list[Run]:
    """A line of the screen, in pieces that look alike."""
    cells = [screen.buffer[row][column] for column in range(screen.columns)]
    while cells and cells[-1].data == " ":
        cells.pop()
    found: list[Run] = []
    at = 0
    for (colour, bold), group in groupby(cells, key=lambda cell: (cell.fg, cell.bold)):
        text = "".join(cell.data for cell in group)
        found.append((at, text, colour, bold))
        at += len(text)
    return found


def drawn(all_frames: list[Frame]) -> str:
    """The picture."""
    height = max(map(len, all_frames)) * HEIGHT + 2 * MARGIN
    width = round(COLUMNS * WIDTH + 2 * MARGIN)
    share, total = 100 / len(all_frames), SECONDS * len(all_frames)
    style = [
        "text { font: 14px ui-monospace, Menlo, Consolas, monospace; white-space: pre }",
        ".frame { visibility: hidden } .still { visibility: visible }",
        f"@media (prefers-reduced-motion: no-preference) {{ .frame {{ visibility: hidden; "
        f"animation: {total}s step-end infinite turn }} }}",
        f"@keyframes turn {{ 0% {{ visibility: visible }} {share:.3f}% {{ visibility: hidden }} }}",
    ]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="forge new at a terminal">',
        f"<style>{' '.join(style)}</style>",
        '<rect width="100%" height="100%" rx="8" fill="#1e222a"/>',
    ]
    for number, rows in enumerate(all_frames):
        kind = "frame still" if number == STILL else "frame"
        lines.append(f'<g class="{kind}" style="animation-delay: {number * SECONDS}s">')
        lines += [text_of(place, row) for place, row in enumerate(rows) if row]
        lines.append("</g>")
    return "\n".join([*lines, "</svg>"]) + "\n"


def text_of(place: int, row: list[Run]) -> str:
    """One line, each piece at its column whatever the font."""
    pieces = []
    for at, text, colour, bold in row:
        x = round(MARGIN + at * WIDTH, 1)
        length = f' textLength="{round(len(text) * WIDTH, 1)}"' if text.strip() else ""
        weight = ' font-weight="bold"' if bold else ""
        fill = COLOURS.get(colour, f"#{colour}")
        pieces.append(f'<tspan x="{x}"{length}{weight} fill="{fill}">{escape(text)}</tspan>')
    return f'<text y="{MARGIN + (place + 1) * HEIGHT - 5}">{"".join(pieces)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(frames()), "utf-8")
