"""Tables of the user's own: what derives from `Base` outside the features' rooms."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastapi_forge.project.candidates import walk
from fastapi_forge.tree import Tree

_BASE = "Base"


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: its name, the class that declares it, and the file that holds the class."""

    name: str
    declared_by: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} ({self.declared_by} in {self.path})"


def own_tables(root: Path, generated: Tree) -> tuple[Table, ...]:
    """The tables that the project declares and forge did not generate, sorted by name.

    Models are where `migrations/env.py` looks for them: modules called `models`. Read from syntax
    trees; nothing of the user's is run.
    """
    shipped = {
        table.name
        for path, file in generated.items()
        if _holds_models(path)
        for table in _tables_in(path, file.content)
    }
    found = {
        table
        for path, entry in walk(root)
        if _holds_models(path)
        for table in _tables_in(path, Path(entry.path).read_bytes())
        if table.name not in shipped
    }
    return tuple(sorted(found, key=lambda table: (table.name, table.path)))


def _holds_models(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.name == "models.py" or (parts.suffix == ".py" and "models" in parts.parts[:-1])


def _tables_in(path: str, source: bytes) -> Iterator[Table]:
    """The tables of one module, those of classes that derive from `Base` by way of another too."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    owned = {_BASE}
    for node in module.body:
        if not isinstance(node, ast.ClassDef) or not owned & set(map(_name, node.bases)):
            continue
        owned.add(node.name)
        if name := _table_name(node):
            yield Table(name, node.name, path)


def _name(node: ast.expr) -> str:
    """`Base`, or the last word of `base.Base`."""
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _table_name(node: ast.ClassDef) -> str:
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=name))
                | ast.AnnAssign(target=ast.Name(id="__tablename__"), value=ast.Constant(value=name))
            ):
                return str(name)
    return ""
