"""Migrations are history: forge only ever appends to them, and they are outside the merge.

Revisions are read from their files' syntax trees; nothing of the user's is run.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge.tree import Tree

VERSIONS = "migrations/versions/"


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
    folder = root / VERSIONS
    if not folder.is_dir():
        return ()
    read = (read_revision(path.read_bytes()) for path in sorted(folder.glob("*.py")))
    return tuple(revision for revision in read if revision is not None)
