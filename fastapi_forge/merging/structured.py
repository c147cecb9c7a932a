"""Whether a merged file still makes sense: its grammar, and the names it loads."""

import ast
import symtable
import tomllib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import yaml


def complaint(path: str, content: bytes) -> str | None:
    """Why a file of a known kind can't be read; None where it can, or the kind is unknown."""
    parse = _PARSERS.get(PurePosixPath(path).suffix)
    if parse is None:
        return None
    try:
        parse(content)
    except (SyntaxError, ValueError, yaml.YAMLError, RecursionError) as problem:
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
            raise ValueError(f"key `{doubled[0]}` stands twice, line {node.start_mark.line + 1}")
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
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(sorted((gone - _bound(after)) & _loaded(after)))


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
