"""Names of Python modules that the user moved, in what forge generates."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from fastapi_forge.merging.attributes import attributes
from fastapi_forge.tree import File, Tree

PACKAGE = ".__init__"

_MEMBER = re.compile(r"#.*|(?P<name>[^\W\d]\w*)(?P<bound>\s+as\s+\w+)?|(?P<all>\*)")


def respelled(tree: Tree, renames: Mapping[str, str], but: Collection[str] = ()) -> Tree:
    """The tree as forge would have written it with its modules at their new places.

    `renames` are old and new paths. An import of a module that the user renamed so reads as in
    their own files, where it is no edit, and is right in a file that forge adds. One of several
    modules of a package stays as it is unless all went to one place. `but` are paths of files that
    stay as they are.
    """
    names = {
        before: after
        for old, new in renames.items()
        if (before := _dotted(old)) and (after := _dotted(new))
    }
    if not names:
        return tree
    modules = {
        before.removesuffix(PACKAGE): names[before].removesuffix(PACKAGE) for before in names
    }
    mention, anywhere = _mention(names), _anywhere(names)

    def new_name(found: re.Match[str]) -> str:
        return modules[found.group()]

    def new_text(found: re.Match[str]) -> str:
        if found["members"] is None:
            return new_name(found)
        return _from_new_package(found, modules) or mention.sub(new_name, found.group())

    def spelled(path: str, file: File) -> File:
        if not _is_python(path) or path in but:
            return file
        text = _text(file)
        parts, end = [], 0
        for found in _found(anywhere, text):
            parts += [text[end : found.start()], new_text(found)]
            end = found.end()
        return _written(file, "".join([*parts, text[end:]]))

    return Tree((path, spelled(path, file)) for path, file in tree.items())


def _from_new_package(found: re.Match[str], modules: Mapping[str, str]) -> str:
    """An import from the package that all its modules went to; empty where there is none."""
    news = [modules.get(f"{found['package']}.{name}", "") for name in _members(found)]
    packages = {new.rpartition(".")[0] for new in news}
    if len(packages) != 1 or not (package := packages.pop()):
        return ""

    def new_member(member: re.Match[str]) -> str:
        if not (name := member["name"]):
            return member.group()
        new = modules[f"{found['package']}.{name}"].rpartition(".")[2]
        bound = member["bound"] or ("" if new == name else f" as {name}")
        return f"{new}{bound}"

    return f"{found['from']}{package}{found['import']}{_MEMBER.sub(new_member, found['members'])}"


def mentions(tree: Tree, paths: Iterable[str]) -> bool:
    """Whether a Python file of the tree names a module among the paths."""
    names = [name for path in paths if (name := _dotted(path))]
    if not names:
        return False
    modules = {name.removesuffix(PACKAGE) for name in names}
    mention, anywhere = _mention(names), _anywhere(names)

    def is_one(found: re.Match[str]) -> bool:
        if found["members"] is None or mention.search(found.group()):
            return True
        return any(f"{found['package']}.{name}" in modules for name in _members(found))

    return any(
        _is_python(path) and any(map(is_one, _found(anywhere, _text(file))))
        for path, file in tree.items()
    )


def _found(anywhere: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """What names a module in a text; `app.routes` may also be an attribute of an object `app`."""
    all_found = list(anywhere.finditer(text))
    others = attributes(text) if all_found else frozenset()
    return [found for found in all_found if found.start() not in others]


def _members(found: re.Match[str]) -> Iterator[str]:
    """The names that an import brings from a package."""
    for member in _MEMBER.finditer(found["members"]):
        if name := member["name"] or member["all"]:
            yield name


def _dotted(path: str) -> str:
    """The name of a module, that of a package with `.__init__`; none if it can't be imported."""
    parts = PurePosixPath(path).with_suffix("").parts
    importable = _is_python(path) and all(part.isidentifier() for part in parts)
    return ".".join(parts) if importable else ""


def _anywhere(names: Collection[str]) -> re.Pattern[str]:
    """A module's name, or an import of names from a package that one of the modules is in."""
    packages = {name.removesuffix(PACKAGE).rpartition(".")[0] for name in names} - {""}
    one = "|".join(map(re.escape, sorted(packages))) or r"(?!)"
    return re.compile(
        rf"^(?P<from>[ \t]*from[ \t]+)(?P<package>{one})(?P<import>[ \t]+import\b[ \t]*)"
        r"(?P<members>\((?:#.*|[^)#])*\)|[^\n\\(]+$)"
        rf"|{_mention(names).pattern}",
        re.MULTILINE,
    )


def _mention(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(_one_mention(name) for name in sorted(names, reverse=True)))


def _one_mention(name: str) -> str:
    """What follows a module's name is its own; after a package's may follow another module's.

    No module is called: `app.routes()` in a comment or a text names something else.
    """
    own = name.removesuffix(PACKAGE)
    after = r"(?![\w(])" if own == name else r"(?![\w.(])"
    return rf"(?<![\w.]){re.escape(own)}{after}"


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _text(file: File) -> str:
    return file.content.decode("utf-8", "surrogateescape")


def _written(file: File, text: str) -> File:
    content = text.encode("utf-8", "surrogateescape")
    return file if content == file.content else File(content, file.executable)
