"""Writes what is derived from the template, so that it never has to be kept by hand.

    python -m tests.matrix.upkeep

Run it after a feature, a dependency or a file of the template changed. It writes the group
`projects` of `pyproject.toml`, the table of features in `README.md`, `docs/rooms.md`, and the list
of rooms that the template itself reads, `templates/rooms.jinja`.
"""

import re
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

import tomlkit

from fastapi_forge.template.catalog import load_catalog
from tests.conftest import ROOT
from tests.matrix import oracle
from tests.matrix.cases import Case
from tests.matrix.rooms import rooms_file
from tests.matrix.template import PROJECT, TEMPLATES, files, render, room

CONDITION = re.compile(r"\{%-? *(?:if|elif) ")
INLINE = re.compile(r"\{\{[^}]*\bif\b[^}]*\}\}")


def richest() -> list[Case]:
    """Cases that together have every kind of every feature and every database."""
    width = max(len(oracle.values(factor)) for factor in oracle.factors())
    chosen = []
    for place in range(width):
        choice = {}
        for factor in oracle.factors():
            values = [value for value in oracle.together(factor) if value != "off"]
            choice[factor] = values[min(place, len(values) - 1)]
        for rule in oracle.RULES:
            if not rule.holds(choice):
                choice[rule.needed] = rule.values[0]
        chosen.append(Case.of(choice))
    return list(dict.fromkeys(chosen))


def declared(project: Path) -> set[str]:
    """The requirements of a project, its dev group included."""
    document = tomllib.loads((project / "pyproject.toml").read_text())
    return {*document["project"]["dependencies"], *document["dependency-groups"]["dev"]}


def union() -> list[str]:
    """What generated projects declare, all of them together."""
    found: set[str] = set()
    for case in richest():
        with tempfile.TemporaryDirectory() as folder:
            render(case, Path(folder))
            found |= declared(Path(folder))
    return sorted(found)


def with_group(text: str) -> str:
    """forge's `pyproject.toml` with the group that its tests need for projects."""
    document = tomlkit.parse(text)
    group = tomlkit.array()
    group.extend(union())
    groups = document["dependency-groups"]
    assert isinstance(groups, dict)
    groups["projects"] = group.multiline(multiline=True)
    return tomlkit.dumps(document).replace("\n    ", "\n  ")


def with_features(text: str) -> str:
    """The README with its table of features."""
    rows = [
        f"| `{name}` | {feature.description} | {', '.join(f'`{v}`' for v in feature.values)} |"
        for name, feature in load_catalog(TEMPLATES).features.items()
    ]
    head = ["", "| feature | what it brings | kinds |", "| --- | --- | --- |"]
    begin, end = "<!-- features -->\n", "<!-- /features -->"
    before, rest = text.split(begin)
    return before + begin + "\n".join([*head, *rows, "", end]) + rest.split(end)[1]


def conditions(text: str) -> int:
    """How many decisions a template file takes by itself."""
    return len(CONDITION.findall(text)) + len(INLINE.findall(text))


def rooms_page() -> str:
    """The rooms, what lies in each, and how many conditions each file holds."""
    by_room: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path in files():
        inside = "/".join(part for part in path.parts if not part.startswith("{{"))
        text = (PROJECT / path).read_text(errors="replace")
        found = conditions(text) if path.suffix == ".jinja" or "_parts" in path.parts else 0
        name = inside or path.name
        by_room[room(path)].append(f"| `{name}` | {found or ''} |")
    features = [*oracle.FEATURES]

    def place(rooms: tuple[str, ...]) -> tuple[list[int], tuple[str, ...]]:
        return [features.index(name) if name in features else -1 for name in rooms], rooms

    lines = [
        "# Rooms of the template",
        "",
        "Written by `python -m tests.matrix.upkeep`. A room is a folder of `templates/project/`",
        "whose name is a computed answer: `.` when its feature is on, nothing when it is off.",
        "A room in a room is where two features meet. The number counts conditions in a file.",
    ]
    for rooms in sorted(by_room, key=place):
        title = " / ".join(rooms) or "Every project"
        lines += ["", f"## {title}", "", "| file | conditions |", "| --- | --- |", *by_room[rooms]]
    return "\n".join(lines) + "\n"


def derived() -> dict[Path, str]:
    """The files that hold something derived, as they should be."""
    pyproject, readme = ROOT / "pyproject.toml", ROOT / "README.md"
    return {
        pyproject: with_group(pyproject.read_text()),
        readme: with_features(readme.read_text()),
        ROOT / "docs/rooms.md": rooms_page(),
        TEMPLATES / "rooms.jinja": rooms_file(TEMPLATES),
    }


if __name__ == "__main__":
    # First of all: what is rendered for the others reads it.
    (TEMPLATES / "rooms.jinja").write_text(rooms_file(TEMPLATES))
    for file, text in derived().items():
        file.write_text(text)
