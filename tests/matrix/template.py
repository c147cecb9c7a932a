"""What stands in the template's folder: rooms, parts, slots and the paths that they render to."""

import os
import re
from pathlib import Path, PurePosixPath

import copier
import plumbum

from tests.conftest import ROOT
from tests.matrix import oracle
from tests.matrix.cases import Case

TEMPLATES = ROOT / "templates"
PROJECT = TEMPLATES / "project"
ROOM = re.compile(r"\{\{ *(\w+) *\}\}")
SLOT = re.compile(r"""\b(?:lines|ordered|sections)\(\s*["'](\w+)["']""")
INCLUDED = re.compile(r"_parts/(\w+)")


def files() -> list[PurePosixPath]:
    """Every file of the template, relative to its project's root."""
    return sorted(
        PurePosixPath(path.relative_to(PROJECT).as_posix())
        for path in PROJECT.rglob("*")
        if path.is_file()
        and not any(part.endswith(("_cache", "__pycache__")) for part in path.parts)
    )


def room(path: PurePosixPath) -> tuple[str, ...]:
    """The rooms that a file lies in, outermost first."""
    return tuple(match[1] for part in path.parts if (match := ROOM.fullmatch(part)))


def target(path: PurePosixPath) -> str | None:
    """Where a file lands in a project that has all its rooms; nothing for the rooms' own files."""
    parts = [part for part in path.parts if not ROOM.fullmatch(part)]
    if "_parts" in parts or parts == ["feature.yml"]:
        return None
    return "/".join(parts).removesuffix(".jinja")


def parts() -> dict[tuple[str, ...], set[str]]:
    """The names of the parts of each room that has any."""
    found: dict[tuple[str, ...], set[str]] = {}
    for path in files():
        if "_parts" in path.parts:
            found.setdefault(room(path), set()).add(path.name)
    return found


def slots() -> set[str]:
    """The names under which templates ask for parts."""
    found: set[str] = set()
    for path in [*TEMPLATES.glob("*.jinja"), *(PROJECT / file for file in files())]:
        text = path.read_text(errors="replace")
        found |= {match[1] for pattern in (SLOT, INCLUDED) for match in pattern.finditer(text)}
    return found


def included_rooms() -> list[str]:
    """The features whose `feature.yml` is part of `copier.yml`, in its order."""
    text = (TEMPLATES / "copier.yml").read_text()
    return re.findall(r"^!include project/\{\{(\w+)\}\}/feature\.yml$", text, re.MULTILINE)


def features() -> list[str]:
    """The rooms that are features: those with a `feature.yml`."""
    return sorted(ROOM.fullmatch(path.parent.name)[1] for path in PROJECT.glob("*/feature.yml"))  # type: ignore[index]


# Rooms that several features bring, each with one of them.
SHARED = {"paged": "example"}


def decided_by(name: str) -> tuple[str, set[str]] | None:
    """The factor that decides on a room, and the values with which the room renders."""
    if name == "tenancy_apart":
        return "tenancy", {"schema", "database"}
    without = "tenancy" if name == "single_tenant" else name.removeprefix("without_")
    if without != name and without in oracle.FEATURES:
        return without, {"off"}
    name = SHARED.get(name, name)
    for feature, kinds in oracle.FEATURES.items():
        if name == feature:
            return feature, set(oracle.values(feature)) - {"off"}
        if name.removeprefix(f"{feature}_") in kinds:
            return feature, {name.removeprefix(f"{feature}_")}
    for question, answers in oracle.QUESTIONS.items():
        if name in answers:
            return question, {name}
    return None


def render(case: Case, project: Path) -> None:
    """Render a case by plain Copier, without the answers of the user's own Copier settings.

    Copier asks git about each file where it finds one, which is 40 % of its time: it is hidden.
    """
    answers = {"project_name": "demo", **case.answers}
    with plumbum.local.env(PATH=os.devnull):
        copier.run_copy(
            str(TEMPLATES),
            str(project),
            data=answers,
            defaults=True,
            quiet=True,
            settings=copier.Settings(),
        )
