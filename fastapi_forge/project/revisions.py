"""A project's migrations: where `alembic.ini` puts them, and what each revision did.

Revisions are read from their files' syntax trees; nothing of the user's is run.
"""

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from configparser import Error, RawConfigParser
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from fastapi_forge.errors import ForgeError
from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.project.reading import content_of

_USUAL = "migrations"
MERGE_HEADS = 'alembic merge -m "merge heads" heads'
_SEPARATORS = {"os": re.escape(os.pathsep), "space": " ", "newline": "\n", ":": ":", ";": ";"}


class SeveralHeadsError(ForgeError):
    """The project's history has branches, so that a revision could follow either."""

    code = "several-heads"

    def __init__(self, found: tuple[str, ...]) -> None:
        named = ", ".join(f"`{head}`" for head in found)
        super().__init__(f"the migrations have several heads: {named}", f"uv run {MERGE_HEADS}")


@dataclass(frozen=True, slots=True)
class Operation:
    """A call in `upgrade`: its name, and the texts among the first of what it is given."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision's identifier, those that it follows, and what upgrading to it does."""

    id: str
    parents: tuple[str, ...]
    operations: tuple[Operation, ...]
    path: str = ""

    def tables(self, operation: str) -> tuple[str, ...]:
        """The names of the tables that it creates (`create_table`) or drops (`drop_table`)."""
        of_it = (one for one in self.operations if one.name == operation and one.texts)
        return tuple(sorted({one.texts[0] for one in of_it}))


def read_revision(source: bytes, path: str = "") -> Revision | None:
    """The revision that a file's text defines; None where it defines none."""
    try:
        module = ast.parse(source)
    except UNREADABLE:
        return None
    found: dict[str, object] = {}
    for node in module.body:
        targets, value = _assignment(node)
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                found[target.id] = _literal(value)
    revision = found.get("revision")
    if not isinstance(revision, str):
        return None
    down = found.get("down_revision")
    parents = (
        (down,) if isinstance(down, str) else tuple(down) if isinstance(down, tuple | list) else ()
    )
    return Revision(revision, tuple(map(str, parents)), tuple(_operations(module)), path)


def _assignment(node: ast.stmt) -> tuple[list[ast.expr], ast.expr | None]:
    if isinstance(node, ast.Assign):
        return node.targets, node.value
    if isinstance(node, ast.AnnAssign):
        return [node.target], node.value
    return [], None


def _literal(value: ast.expr) -> object:
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def _operations(module: ast.Module) -> Iterator[Operation]:
    """What `upgrade` calls, in order, but what it does in another schema."""
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                if isinstance(call.func, ast.Attribute) and not _has_schema(call):
                    texts = (_literal(one) for one in call.args[:3])
                    yield Operation(
                        call.func.attr, tuple(text for text in texts if isinstance(text, str))
                    )


def _has_schema(call: ast.Call) -> bool:
    return any(one.arg == "schema" and _literal(one.value) is not None for one in call.keywords)


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where a project has its migrations, and their revisions, each after those that it follows.

    `folder` has `env.py`, new revisions go to `versions`: both relative to the project, empty where
    there is no such folder. `tables` are there at the heads, `dropped` were once.
    """

    folder: str
    versions: str
    revisions: tuple[Revision, ...]
    tables: frozenset[str]
    dropped: frozenset[str]

    @classmethod
    def of(cls, root: Path) -> "Migrations":
        """What `alembic.ini` and the files say."""
        settings = _settings(root)
        folder = _inside(root, settings.get("script_location", _USUAL))
        said = _split(settings) if folder else []
        versions = [place for one in said if (place := _inside(root, one))]
        versions = versions or [f"{folder}/versions"] if folder else []
        pattern = "**/*.py" if settings.get("recursive_version_locations") == "true" else "*.py"
        files = dict.fromkeys(f for place in versions for f in sorted((root / place).glob(pattern)))
        read = (read_revision(content_of(f) or b"", f.relative_to(root).as_posix()) for f in files)
        revisions = _in_order([revision for revision in read if revision is not None])
        return cls(folder, versions[0] if versions else "", revisions, *_tables(revisions))

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no other one follows, sorted."""
        followed = {parent for revision in self.revisions for parent in revision.parents}
        return tuple(sorted({revision.id for revision in self.revisions} - followed))

    @property
    def head(self) -> str | None:
        """The one that a revision can follow, if there is any. Raises SeveralHeadsError."""
        if len(self.heads) > 1:
            raise SeveralHeadsError(self.heads)
        return next(iter(self.heads), None)

    def created_apart(self, tables: Collection[str]) -> tuple[str, ...]:
        """The tables of revisions that are neither before nor after those that create these."""
        before = self._before()
        creating = {one.id for one in self.revisions if {*tables} & {*one.tables("create_table")}}
        apart = (
            one
            for one in self.revisions
            if not any(
                one.id == id or one.id in before[id] or id in before[one.id] for id in creating
            )
        )
        made = {table for one in apart if creating for table in one.tables("create_table")}
        return tuple(sorted(made & self.tables))

    def _before(self) -> dict[str, set[str]]:
        """The revisions that each one follows, be it by way of others."""
        before: dict[str, set[str]] = {}
        for one in self.revisions:
            above = (before.get(parent, set()) for parent in one.parents)
            before[one.id] = {*one.parents}.union(*above)
        return before

    @property
    def kept(self) -> str:
        """The list of tables that stay in the database although no model declares them."""
        return f"{self.folder or _USUAL}/kept.txt"


def _settings(root: Path) -> dict[str, str]:
    """What is set for Alembic, as it is written."""
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string((content_of(root / "alembic.ini") or b"").decode())
    except (Error, UnicodeDecodeError):
        return {}
    return dict(parser["alembic"]) if parser.has_section("alembic") else {}


def _split(settings: Mapping[str, str]) -> list[str]:
    """The places of revisions; none where they are at the usual one."""
    named = settings.get("path_separator", settings.get("version_path_separator", ""))
    separator = _SEPARATORS.get(named, r"[\s,]+")
    places = re.split(separator, settings.get("version_locations", ""))
    return [place.strip() for place in places if place.strip()]


def _inside(root: Path, place: str) -> str:
    """A folder of the project, relative to it; empty for another place."""
    package, colon, rest = place.replace("%(here)s", os.fspath(root)).partition(":")
    place = f"{package.replace('.', '/')}/{rest}" if colon else package
    whole = os.path.normpath(root / place)
    inside = Path(whole).is_relative_to(root) and Path(whole).is_dir()
    return Path(whole).relative_to(root).as_posix() if inside else ""


def _in_order(revisions: list[Revision]) -> tuple[Revision, ...]:
    known = {revision.id: revision for revision in revisions}
    try:
        order = TopologicalSorter({r.id: r.parents for r in revisions}).static_order()
        return tuple(known[name] for name in order if name in known)
    except CycleError:
        return tuple(revisions)


def _tables(revisions: Iterable[Revision]) -> tuple[frozenset[str], frozenset[str]]:
    """The tables that are there after some revisions, and those that are so no longer."""
    there: set[str] = set()
    known: set[str] = set()
    for one in (one for revision in revisions for one in revision.operations):
        match one:
            case Operation("create_table", (name, *_)):
                there.add(name)
            case Operation("drop_table", (name, *_)):
                there.discard(name)
            case Operation("rename_table", (name, new, *_)):
                there.discard(name)
                there.add(new)
        known |= there
    return frozenset(there), frozenset(known - there)
