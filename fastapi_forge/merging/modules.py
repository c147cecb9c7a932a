"""Names of Python modules that the user moved, in what forge generates."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from fastapi_forge.tree import File, Tree

PACKAGE = ".__init__"


def respelled(tree: Tree, renames: Mapping[str, str], but: Collection[str] = ()) -> Tree:
    """The tree as forge would have written it with its modules at their new places.

    `renames` are old and new paths. An import of a module that the user renamed so reads as in
    their own files, where it is no edit, and is right in a file that forge adds. `but` are paths of
    files that stay as they are.
    """
    names = {
        before: after
        for old, new in renames.items()
        if (before := _dotted(old)) and (after := _dotted(new))
    }
    if not names:
        return tree
    pattern = _mention(names)

    def new_name(found: re.Match[str]) -> str:
        name = found.group()
        return names.get(name) or names[name + PACKAGE].removesuffix(PACKAGE)

    def spelled(path: str, file: File) -> File:
        if not _is_python(path) or path in but:
            return file
        return _written(file, pattern.sub(new_name, _text(file)))

    return Tree((path, spelled(path, file)) for path, file in tree.items())


def mentions(tree: Tree, paths: Iterable[str]) -> bool:
    """Whether a Python file of the tree names a module among the paths."""
    names = [name for path in paths if (name := _dotted(path))]
    if not names:
        return False
    pattern = _mention(names)
    return any(_is_python(path) and pattern.search(_text(file)) for path, file in tree.items())


def _dotted(path: str) -> str:
    """The name of a module, that of a package with `.__init__`; none if it can't be imported."""
    parts = PurePosixPath(path).with_suffix("").parts
    importable = _is_python(path) and all(part.isidentifier() for part in parts)
    return ".".join(parts) if importable else ""


def _mention(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(_one_mention(name) for name in sorted(names, reverse=True)))


def _one_mention(name: str) -> str:
    """What follows a module's name is its own; after a package's may follow another module's."""
    own = name.removesuffix(PACKAGE)
    after = r"(?!\w)" if own == name else r"(?![\w.])"
    return rf"(?<![\w.]){re.escape(own)}{after}"


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _text(file: File) -> str:
    return file.content.decode("utf-8", "surrogateescape")


def _written(file: File, text: str) -> File:
    content = text.encode("utf-8", "surrogateescape")
    return file if content == file.content else File(content, file.executable)
