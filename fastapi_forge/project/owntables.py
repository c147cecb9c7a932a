"""Tables of the user's own: what derives from `Base` outside the features' rooms."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.project.candidates import walk
from fastapi_forge.project.reading import content_of
from fastapi_forge.tree import Tree

_BASE = "Base"
_BASES = "app/db/base.py"
_APART = frozenset({"schema", "extend_existing"})


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: its name, the class that declares it, the file that holds the class.

    `attributes` are the names that the class itself binds.
    """

    name: str
    declared_by: str
    path: str
    attributes: frozenset[str]

    def __str__(self) -> str:
        return f"{self.name} ({self.declared_by} in {self.path})"


def own_tables(root: Path, generated: Tree) -> tuple[Table, ...]:
    """The tables that the project declares and forge did not generate, sorted by name.

    Models are where `migrations/env.py` looks for them: modules called `models`. Read from syntax
    trees; nothing of the user's is run.
    """
    shipped = {
        table.name
        for table in _tables(
            (path, file.content) for path, file in generated.items() if _holds_models(path)
        )
    }
    found = _tables(
        (path, content_of(entry.path) or b"") for path, entry in walk(root) if _holds_models(path)
    )
    own = {table for table in found if table.name not in shipped}
    return tuple(sorted(own, key=lambda table: (table.name, table.path)))


def declared_twice(packages: Collection[str], files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """The models of a table that another model in the same package has, each in a line."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, line, name in sorted(models_in(files)):
        if (package := path.partition("/")[0]) in packages:
            found.setdefault((package, name), []).append(f"{path}:{line}")
    for (_, name), (first, *others) in sorted(found.items()):
        for place in others:
            yield f"{place} declares the table {name}, which {first} declares already"


def models_in(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, int, str]]:
    """The path and the line of each model, and its table.

    Those that name a schema, or say that the table may be there already, are left out.
    """
    for path, node, name in _models((path, text) for path, text in files if _holds_models(path)):
        if not _is_apart(node):
            yield path, node.lineno, name


def declarations(generated: Tree) -> dict[str, str]:
    """What forge's models say of each table, by its name, and of what all share, by its class.

    Methods, remarks and the place of the file make no difference to a table.
    """
    found: dict[str, str] = {}
    for name, node in declaring(generated):
        said = [one for one in node.body if isinstance(one, (ast.Assign, ast.AnnAssign))]
        if said:
            body = [*node.bases, *node.keywords, *said]
            found[name] = " ".join(map(ast.dump, body))
    return found


def declaring(generated: Tree) -> Iterator[tuple[str, ast.ClassDef]]:
    """The classes of forge's models by their table, and those without one by their own name."""
    for path, file in generated.items():
        if _holds_models(path) or path == _BASES:
            yield from ((_table_name(node) or node.name, node) for node in _classes(file.content))


def naming(root: Path, tables: Iterable[Table], word: str) -> Iterator[str]:
    """The places in the files of these tables where a word stands: `path:line`."""
    found = re.compile(rf"\b{re.escape(word)}\b".encode())
    for path in sorted({table.path for table in tables}):
        lines = (content_of(root / path) or b"").splitlines()
        for number, line in enumerate(lines, start=1):
            if found.search(line):
                yield f"{path}:{number}"


def _holds_models(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.name == "models.py" or (parts.suffix == ".py" and "models" in parts.parts[:-1])


def _tables(modules: Iterable[tuple[str, bytes]]) -> Iterator[Table]:
    for path, node, name in _models(modules):
        yield Table(name, node.name, path, frozenset(_bound(node)))


def _models(modules: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, ast.ClassDef, str]]:
    """The classes with a table, by path; those that derive from `Base` by way of others too."""
    classes = [(path, node) for path, source in modules for node in _classes(source)]
    owned, before = {_BASE}, 0
    while len(owned) > before:
        before = len(owned)
        owned |= {node.name for _, node in classes if owned & set(map(_name, node.bases))}
    for path, node in classes:
        if owned & set(map(_name, node.bases)) and (name := _table_name(node)):
            yield path, node, name


def _is_apart(node: ast.ClassDef) -> bool:
    keys = (key for one in ast.walk(node) if isinstance(one, ast.Dict) for key in one.keys)
    return any(isinstance(key, ast.Constant) and key.value in _APART for key in keys)


def _classes(source: bytes) -> list[ast.ClassDef]:
    try:
        module = ast.parse(source)
    except UNREADABLE:
        return []
    return [node for node in module.body if isinstance(node, ast.ClassDef)]


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


def _bound(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
