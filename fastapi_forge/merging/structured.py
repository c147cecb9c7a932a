"""Whether a merged file still makes sense: its grammar, and the names it loads."""

import ast
import symtable
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import yaml

from fastapi_forge.merging.statements import UNREADABLE


class DoubledKeyError(ValueError):
    """A mapping has a key twice."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(f"key `{key}` stands twice, line {line}")
        self.key = key


def doubled_key(path: str, content: bytes) -> str:
    """The first key that a mapping of a YAML file has twice, or nothing."""
    if PurePosixPath(path).suffix not in (".yml", ".yaml"):
        return ""
    try:
        _parse_yaml(content)
    except DoubledKeyError as doubled:
        return doubled.key
    except (ValueError, yaml.YAMLError, RecursionError):
        return ""
    return ""


def complaint(path: str, content: bytes) -> str | None:
    """Why a file of a known kind can't be read; None where it can, or the kind is unknown."""
    parse = _PARSERS.get(PurePosixPath(path).suffix)
    if parse is None:
        return None
    try:
        parse(content)
    except (*UNREADABLE, yaml.YAMLError) as problem:
        return " ".join(str(problem).split())
    return None


def _parse_python(content: bytes) -> None:
    compile(content, "merged", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)


def _parse_toml(content: bytes) -> None:
    tomllib.loads(content.decode("utf-8"))


def _parse_yaml(content: bytes) -> None:
    for document in yaml.compose_all(content, Loader=_yaml_loader()):
        _refuse_doubled_keys(document)


def _yaml_loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_doubled_keys(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        doubled = sorted({key for key in keys if keys.count(key) > 1} - {"<<"})
        if doubled:
            raise DoubledKeyError(doubled[0], node.start_mark.line + 1)
        for _, value in node.value:
            _refuse_doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubled_keys(value)


_PARSERS = {
    ".py": _parse_python,
    ".toml": _parse_toml,
    ".yml": _parse_yaml,
    ".yaml": _parse_yaml,
}


def lost_names(base: bytes, target: bytes, merged: bytes) -> tuple[str, ...]:
    """Names that base binds at module level, target doesn't, and the merged module still loads.

    Empty where one of the three is no Python.
    """
    try:
        gone = _bound(_table(base)) - _bound(_table(target))
        after = _table(merged)
    except UNREADABLE:
        return ()
    return tuple(sorted((gone - _bound(after)) & _loaded(after)))


def rival_names(yours: bytes, target: bytes, merged: bytes) -> frozenset[str]:
    """Names that the merged module imports or defines more often than either side does.

    The later one would silently take the place of the other. Empty where one is no Python.
    """
    try:
        mine, new, both = map(_bindings, (yours, target, merged))
    except UNREADABLE:
        return frozenset()
    return frozenset(name for name, count in both.items() if count > max(1, mine[name], new[name]))


def _bindings(source: bytes) -> Counter[str]:
    """How many imports and definitions at module level bind a name, equal imports once."""
    imports: set[tuple[str, str]] = set()
    defined: Counter[str] = Counter()
    for node in ast.parse(source).body:
        match node:
            case ast.Import(names=names):
                imports |= {(_bound_alias(one), one.name) for one in names if one.asname}
            case ast.ImportFrom(module=module, names=names, level=level):
                origin = "." * level + (module or "")
                imports |= {(_bound_alias(one), f"{origin}.{one.name}") for one in names}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                defined[name] += 1
            case ast.ClassDef(name=name):
                defined[name] += 1
    return defined + Counter(name for name, _ in imports)


def _bound_alias(one: ast.alias) -> str:
    return one.asname or one.name


def bound_names(source: bytes) -> frozenset[str]:
    """The names that a module binds. Raises what parsing raises."""
    return frozenset(_bound(_table(source)))


def binding_lines(source: bytes, names: Iterable[str]) -> frozenset[int]:
    """The lines, from 1, of the statements of a module that bind one of these names."""
    wanted = set(names)
    found: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and wanted & set(_bound_by(node)):
            last = node.end_lineno if isinstance(node, _WHOLE) else node.lineno
            found |= set(range(node.lineno, (last or node.lineno) + 1))
    return frozenset(found)


_WHOLE = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def _bound_by(node: ast.stmt) -> list[str]:
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [(one.asname or one.name).partition(".")[0] for one in names]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [x.id for one in targets for x in ast.walk(one) if isinstance(x, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _table(source: bytes) -> symtable.SymbolTable:
    return symtable.symtable(source.decode("utf-8"), "merged", "exec")


def _bound(module: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in module.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def _loaded(table: symtable.SymbolTable) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }
    for child in table.get_children():
        names |= _loaded(child)
    return names
