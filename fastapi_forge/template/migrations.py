"""Migrations are history: forge only ever appends to them, and they are outside the merge.

Revisions are read from their files' syntax trees; nothing of the user's is run.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastapi_forge.errors import ForgeError
from fastapi_forge.template.catalog import Catalog, Feature
from fastapi_forge.template.source import BrokenTemplateError
from fastapi_forge.tree import File, Tree

VERSIONS = "migrations/versions/"
KEPT = "migrations/kept.txt"
"""Tables, one a line, that stay in the database although no model declares them."""

_DIGITS = 6
_CREATED = re.compile(r"""create_table\(\s*["'](\w+)["']""")


class SeveralHeadsError(ForgeError):
    """The project's history has branches, so that a revision could follow either."""

    code = "several-heads"

    def __init__(self, found: tuple[str, ...]) -> None:
        named = ", ".join(f"`{head}`" for head in found)
        super().__init__(
            f"the migrations have several heads: {named}",
            'uv run alembic merge -m "merge heads" heads',
        )


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision's identifier, and those that it follows."""

    id: str
    parents: tuple[str, ...]


def is_revision(path: str) -> bool:
    return path.startswith(VERSIONS) and path.endswith(".py")


def without_revisions(tree: Tree) -> Tree:
    """What of a rendered tree takes part in the merge and stands in `forge.lock`."""
    return Tree({path: file for path, file in tree.items() if not is_revision(path)})


def read_revision(source: bytes) -> Revision | None:
    """The revision that a file's text defines; None where it defines none."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
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
    return Revision(revision, tuple(str(parent) for parent in parents))


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


def heads(revisions: Iterable[Revision]) -> tuple[str, ...]:
    """The revisions that no other one follows, sorted."""
    revisions = list(revisions)
    followed = {parent for revision in revisions for parent in revision.parents}
    return tuple(sorted({revision.id for revision in revisions} - followed))


def revisions_of(root: Path) -> tuple[Revision, ...]:
    """All revisions of the project at `root`."""
    read = map(read_revision, _sources(root))
    return tuple(revision for revision in read if revision is not None)


def tables_in_history(root: Path) -> frozenset[str]:
    """The names of the tables that the project's revisions create, or give to others."""
    return frozenset(
        name
        for source in _sources(root)
        if read_revision(source) is not None
        for call in _calls_of_upgrade(source)
        if (name := _made_by(call))
    )


def _sources(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((root / VERSIONS).glob("*.py"))]


def _made_by(call: ast.Call) -> str:
    match call:
        case ast.Call(
            func=ast.Attribute(attr="create_table"), args=[ast.Constant(value=str(name)), *_]
        ) if not any(keyword.arg == "schema" for keyword in call.keywords):
            return name
        case ast.Call(
            func=ast.Attribute(attr="rename_table"), args=[_, ast.Constant(value=str(name))]
        ):
            return name
    return ""


@dataclass(frozen=True, slots=True)
class RevisionTemplate:
    """The file of the template from which a feature's revision is made."""

    file: Path

    @property
    def id(self) -> str:
        """The revision's identifier in a new project."""
        return self.file.name.partition(".")[0]

    @property
    def path(self) -> str:
        """Where a project has it."""
        return f"{VERSIONS}{self.id}.py"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that it creates."""
        return tuple(_CREATED.findall(self.file.read_text("utf-8")))


def revision_of(feature: Feature, catalog: Catalog) -> RevisionTemplate | None:
    """The feature's revision, from its own room or one of its own in it; None where it has none.

    Raises BrokenTemplateError where there is more than one: they would have one identifier.
    """
    room = catalog.root / "project" / f"{{{{{feature.name}}}}}"
    own = [room, *sorted(room.glob(f"{{{{{feature.name}_*}}}}"))]
    files = [path for folder in own for path in sorted((folder / VERSIONS).glob("*.py*"))]
    if len(files) > 1:
        named = ", ".join(path.name for path in files)
        raise BrokenTemplateError(room, f"a feature has one revision, and it has {named}")
    return RevisionTemplate(files[0]) if files else None


def revision_templates(catalog: Catalog) -> dict[str, RevisionTemplate]:
    """The features that have a revision, in the catalogue's order.

    Raises BrokenTemplateError for one that lies elsewhere: in no feature's room, or in one that
    two features share.
    """
    found = {name: revision_of(feature, catalog) for name, feature in catalog.features.items()}
    revisions = {name: revision for name, revision in found.items() if revision is not None}
    known = {revision.file for revision in revisions.values()}
    for file in sorted((catalog.root / "project").rglob(f"{VERSIONS}*.py*")):
        if file not in known:
            raise BrokenTemplateError(file, "a revision lies in its feature's own room")
    return revisions


@dataclass(frozen=True, slots=True)
class Addition:
    """A revision to append: what the template needs to know to write it.

    `before` are the features whose tables the database has already, `own` the tables of the user's
    own that the revision is to see to.
    """

    feature: str
    verb: str
    id: str
    parent: str | None
    before: tuple[str, ...]
    own: tuple[str, ...] = ()

    def as_fact(self) -> dict[str, Any]:
        return asdict(self) | {"before": list(self.before), "own": list(self.own)}


def additions(
    verb: str, names: Iterable[str], there: Iterable[str], parent: str | None
) -> Iterator[Addition]:
    """The revisions that add or remove features one after the other, in a line from `parent`."""
    before = list(there)
    for name in names:
        if verb == "remove":
            before.remove(name)
        revision = revision_id(name, verb, parent)
        yield Addition(name, verb, revision, parent, tuple(before))
        if verb == "add":
            before.append(name)
        parent = revision


def revision_id(feature: str, verb: str, parent: str | None) -> str:
    """`add_tenancy_3fa9c1`: the same for the same history, another one for each next time."""
    text = "\0".join((feature, verb, parent or ""))
    return f"{verb}_{feature}_{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def single_head(revisions: Iterable[Revision]) -> str | None:
    """The head that a revision can follow, if there is any. Raises SeveralHeadsError."""
    found = heads(revisions)
    if len(found) > 1:
        raise SeveralHeadsError(found)
    return found[0] if found else None


def tables_dropped(revision: File) -> tuple[str, ...]:
    """The names of the tables that upgrading to a revision drops."""
    return _tables_of_upgrade(revision, "drop_table")


def tables_created(revision: File) -> tuple[str, ...]:
    """The names of the tables that upgrading to a revision creates."""
    return _tables_of_upgrade(revision, "create_table")


def _tables_of_upgrade(revision: File, operation: str) -> tuple[str, ...]:
    names = set()
    for call in _calls_of_upgrade(revision.content):
        match call:
            case ast.Call(
                func=ast.Attribute(attr=attr), args=[ast.Constant(value=str(name)), *_]
            ) if attr == operation:
                names.add(name)
    return tuple(sorted(names))


def _calls_of_upgrade(source: bytes) -> Iterator[ast.Call]:
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            yield from (node for node in ast.walk(function) if isinstance(node, ast.Call))
