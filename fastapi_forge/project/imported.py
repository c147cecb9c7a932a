"""What the Python files of a project import of one another, read from their syntax trees."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.merging.structured import bound_names
from fastapi_forge.project.candidates import walk
from fastapi_forge.project.reading import content_of

_WORD = re.compile(rb"[\w\x80-\xff]+")
_WHERE_MISSING = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


@dataclass(frozen=True, slots=True)
class Import:
    """A name of a module, or the module itself where the name is empty; lines count from 1."""

    line: int
    module: str
    name: str = ""

    @property
    def whole(self) -> str:
        """What is imported, as a module would be called."""
        return f"{self.module}.{self.name}" if self.name else self.module


def module_name(path: str) -> str:
    """The name that a file is imported by, a package's without `__init__`; empty for no module."""
    parts = PurePosixPath(path).with_suffix("").parts
    if not path.endswith(".py") or not all(part.isidentifier() for part in parts):
        return ""
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(path: str, source: bytes) -> tuple[Import, ...]:
    """The imports of a file, relative ones by their whole name; none where it is no Python.

    Those in a `try` that provides for a missing module are left out.
    """
    try:
        module = ast.parse(source)
    except UNREADABLE:
        return ()
    finder = _Finder(PurePosixPath(path).parent.parts)
    finder.visit(module)
    return tuple(finder.found)


class _Finder(ast.NodeVisitor):
    def __init__(self, package: tuple[str, ...]) -> None:
        self.package = package
        self.found: list[Import] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.found += (Import(node.lineno, alias.name) for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        around = self.package[: len(self.package) - node.level + 1] if node.level else ()
        module = ".".join([*around, node.module] if node.module else around)
        names = ("" if alias.name == "*" else alias.name for alias in node.names)
        self.found += (Import(node.lineno, module, name) for name in names)

    def visit_Try(self, node: ast.Try) -> None:
        provided = any(_is_for_missing(handler.type) for handler in node.handlers)
        for part in (*(() if provided else node.body), *node.handlers, *node.orelse):
            self.visit(part)


def _is_for_missing(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or getattr(name, "id", "") in _WHERE_MISSING for name in names)


def names_lost(before: bytes, after: bytes) -> frozenset[str]:
    """The names that a module had, and has no longer; none where that can't be told."""
    try:
        had, has = bound_names(before), bound_names(after)
    except UNREADABLE:
        return frozenset()
    is_open = "__getattr__" in has or b"import *" in after
    return frozenset() if is_open else had - has


def names_of(source: bytes) -> frozenset[str]:
    """The functions and classes that a module defines itself; none where it is no Python."""
    try:
        body = ast.parse(source).body
    except UNREADABLE:
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in body if isinstance(node, kinds))


class Mention:
    """Whether a file may import one of some modules, told without parsing it."""

    def __init__(self, modules: Collection[str]) -> None:
        self._names = [_Name.of(module) for module in modules]
        self._words = {word for name in self._names for word in (name.before, name.last)}

    def is_in(self, path: str, source: bytes) -> bool:
        """Whether the last two words of a module's name stand there; in its package, the last."""
        found = self._words.intersection(_WORD.findall(source))
        return bool(found) and any(name.is_among(found, path) for name in self._names)


@dataclass(frozen=True, slots=True)
class _Name:
    folder: str
    before: bytes
    last: bytes

    @classmethod
    def of(cls, module: str) -> "_Name":
        *package, last = module.split(".")
        before = package[-1] if package else last
        return cls("".join(f"{part}/" for part in package), before.encode(), last.encode())

    def is_among(self, words: set[bytes], path: str) -> bool:
        return self.last in words and (self.before in words or path.startswith(self.folder))


def sources(root: Path, aside: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """The path and the content of each Python file, but of those set aside; empty if vast."""
    for path, entry in walk(root):
        if path.endswith(".py") and path not in aside:
            yield path, content_of(entry.path) or b""


class Modules:
    """The modules that there are on disk, or will be with some files written, others deleted."""

    def __init__(
        self, root: Path, written: Collection[str] = (), deleted: Collection[str] = ()
    ) -> None:
        self._root, self._written, self._deleted = root, written, frozenset(deleted)
        self._known: dict[str, bool] = {}
        self._read: dict[str, frozenset[bytes] | None] = {}

    def has(self, name: str, importer: str = "") -> bool:
        """Whether a file can import a module: from the root, or from a folder around the file."""
        place = name.replace(".", "/")
        folders = (PurePosixPath(), *PurePosixPath(importer).parents)
        return any(self._is_module((folder / place).as_posix()) for folder in folders)

    def lack(self, one: Import, importer: str) -> str:
        """What a file imports in vain: a module, or a name of one; empty where all is there.

        A name is there where its word stands anywhere in the module.
        """
        if not self.has(one.module, importer):
            return one.module
        if self.has(one.whole, importer):
            return ""
        words = self._words(one.module)
        is_there = words is None or not words.isdisjoint((one.name.encode(), b"__getattr__"))
        return "" if is_there else one.whole

    def _words(self, name: str) -> frozenset[bytes] | None:
        """The words of a module's source; None where it has none at the root."""
        if name not in self._read:
            place = self._root / name.replace(".", "/")
            found = map(content_of, (place.with_suffix(".py"), place / "__init__.py"))
            texts = [text for text in found if text is not None]
            words = frozenset(word for text in texts for word in _WORD.findall(text))
            self._read[name] = words if texts else None
        return self._read[name]

    def _is_module(self, place: str) -> bool:
        if place not in self._known:
            self._known[place] = self._is_file(place) or self._is_package(place)
        return self._known[place]

    def _is_file(self, place: str) -> bool:
        """Whether there is a file of this name, be it compiled."""
        folder, _, name = place.rpartition("/")
        return any(path in self._written for path in (f"{place}.py", f"{place}/__init__.py")) or (
            self._stays(self._root / folder, f"{name}.*")
        )

    def _is_package(self, place: str) -> bool:
        inside = f"{place}/"
        return any(
            path.startswith(inside) and path.endswith(".py") for path in self._written
        ) or self._stays(self._root / place, "**/*.py")

    def _stays(self, folder: Path, pattern: str) -> bool:
        found = (path.relative_to(self._root).as_posix() for path in folder.glob(pattern))
        return any(path not in self._deleted for path in found)


@dataclass(frozen=True, order=True, slots=True)
class MissingImport:
    """A module, or a name of one, that a file imports and that isn't there."""

    path: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.name}, which is not there"


def missing_imports(
    root: Path, packages: Collection[str], files: Iterable[tuple[str, bytes]]
) -> list[MissingImport]:
    """What Python files import from packages of the project that isn't there."""
    modules, mention = Modules(root), Mention(packages)
    found = set()
    for path, source in files:
        if path.partition("/")[0] in packages or mention.is_in(path, source):
            for one in imports_in(path, source):
                is_own = one.module.partition(".")[0] in packages
                if is_own and (name := modules.lack(one, path)):
                    found.add(MissingImport(path, one.line, name))
    return sorted(found)
