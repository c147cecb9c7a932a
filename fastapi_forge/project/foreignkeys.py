"""Foreign keys in models, and the tables that models declare, read from their sources."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.merging.tables import tables_in
from fastapi_forge.tree import Tree

_KEYS = frozenset({"ForeignKey", "ForeignKeyConstraint"})


def tables_declared(generated: Tree) -> frozenset[str]:
    """The tables that forge's models declare."""
    models = (f.content for path, f in generated.items() if PurePosixPath(path).name == "models.py")
    return frozenset().union(*map(tables_in, models))


def keys_to_nothing(tables: Collection[str], files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """The foreign keys to those of some tables that no file declares, each in a line."""
    models = [(path, source) for path, source in files if _mentions(tables, source)]
    declared = frozenset().union(*(tables_in(source) for _, source in models))
    for path, source in models:
        for line, table in keys_to(set(tables) - declared, source):
            yield f"{path}:{line} has a foreign key to {table}, a table that no model declares"


def _mentions(tables: Iterable[str], source: bytes) -> bool:
    return any(table.encode() in source for table in tables)


def keys_to(tables: Collection[str], source: bytes) -> Iterator[tuple[int, str]]:
    """The foreign keys to some tables that a module has, each with its line; revisions have none.

    What a revision says is history.
    """
    if b"ForeignKey" not in source or b"down_revision" in source:
        return
    if not _mentions(tables, source):
        return
    try:
        module = ast.parse(source)
    except UNREADABLE:
        return
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    for call in calls:
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in _KEYS:
            targets = {column.split(".")[-2] for column in _columns(call)}
            yield from ((call.lineno, table) for table in sorted(targets.intersection(tables)))


def _columns(call: ast.Call) -> Iterator[str]:
    """The columns that a key points to: `table.column`."""
    for node in ast.walk(call):
        match node:
            case ast.Constant(value=str(text)) if re.fullmatch(r"(\w+\.)+\w+", text):
                yield text
