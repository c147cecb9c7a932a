"""The list of a template's rooms, as `rooms.jinja` has it: Jinja can't look into folders itself."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.migrations import revision_templates

ROOM = re.compile(r"\{\{(\w+)\}\}")


def rooms_file(templates: Path) -> str:
    """The text of `rooms.jinja`, from what lies in `project/`."""
    catalog = load_catalog(templates)
    revisions = revision_templates(catalog)
    order = [*catalog.source.questions]
    found = sorted(_rooms(templates / "project"), key=lambda room: _place(room, order))
    parts: dict[str, list[str]] = defaultdict(list)
    for room in found:
        folder = _folder(templates, room)
        for part in sorted(folder.glob("_parts/*")):
            parts[part.name].append("/".join(room))
    on = sorted({name for room in found for name in room}, key=order.index)
    return "\n".join(
        [
            "{#",
            "  Written by `python -m tests.matrix.upkeep` from the folders of `project/`.",
            "  rooms: each room by its answer; parts: the rooms that fill each slot, in order;",
            "  revisions, tables: of the features that have some, in the order of the catalogue.",
            "#}",
            *_set("rooms", {name: name for name in on}),
            *_set("parts", {slot: _list(parts[slot]) for slot in sorted(parts)}),
            *_set("revisions", {name: f'"{one.id}"' for name, one in revisions.items()}),
            *_set("tables", {name: _list(one.tables) for name, one in revisions.items()}),
            "",
        ]
    )


def _rooms(project: Path) -> set[tuple[str, ...]]:
    """Every room and room in a room, by the answers that name them."""
    folders = (path for path in project.rglob("*") if path.is_dir())
    names = (tuple(ROOM.findall(path.relative_to(project).as_posix())) for path in folders)
    return {room for room in names if room}


def _folder(templates: Path, room: Iterable[str]) -> Path:
    return templates.joinpath("project", *(f"{{{{{name}}}}}" for name in room))


def _place(room: tuple[str, ...], order: list[str]) -> list[tuple[bool, int]]:
    """Where a room comes: its feature's own rooms in it first, then by the order of questions."""
    return [(not name.startswith(f"{room[0]}_"), order.index(name)) for name in room]


def _set(name: str, entries: Mapping[str, str]) -> list[str]:
    lines = (f'  "{key}": {value},' for key, value in entries.items())
    return [f"{{% set {name} = {{", *lines, "} %}"]


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
