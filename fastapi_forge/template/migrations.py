"""Migrations are history: forge only ever appends to them, and they are outside the merge."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastapi_forge.template.catalog import Catalog, Feature
from fastapi_forge.template.source import BrokenTemplateError
from fastapi_forge.tree import Tree

VERSIONS = "migrations/versions/"

_DIGITS = 6
_CREATED = re.compile(r"""create_table\(\s*["'](\w+)["']""")


def is_revision(path: str) -> bool:
    return path.startswith(VERSIONS) and path.endswith(".py")


def without_revisions(tree: Tree) -> Tree:
    """What of a rendered tree takes part in the merge and stands in `forge.lock`."""
    return Tree({path: file for path, file in tree.items() if not is_revision(path)})


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


def is_appended(revision: str) -> bool:
    """Whether an identifier is one that `revision_id` makes."""
    return bool(re.fullmatch(rf"(?:add|remove)_\w+_[0-9a-f]{{{_DIGITS}}}", revision))
