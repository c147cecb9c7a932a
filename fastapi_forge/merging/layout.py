"""Whether two modules differ in nothing but their layout, as a formatter leaves them."""

import ast
from collections.abc import Iterable, Iterator
from itertools import groupby

from fastapi_forge.merging.statements import UNREADABLE, comments_of


def same_code(one: bytes, other: bytes) -> bool:
    """Whether two modules have the same code and comments, however laid out and imports sorted.

    False where one of them is no Python.
    """
    try:
        return _code(one.decode()) == _code(other.decode())
    except UNREADABLE:
        return False


def _code(source: str) -> tuple[str, list[str]]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Delete):
            node.targets = list(_without_brackets(node.targets))
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, list(_with_sorted_imports(value)))
    return ast.dump(tree), comments_of(source)


def _without_brackets(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """What `del` names, one by one; brackets that a formatter puts around it make a tuple of it."""
    for target in targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


def _with_sorted_imports(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """A list of statements, imports that stand together sorted and of one name each."""
    for are_imports, nodes in groupby(body, lambda x: isinstance(x, (ast.Import, ast.ImportFrom))):
        if are_imports:
            yield from sorted(_of_one_name(nodes), key=ast.dump)
        else:
            yield from nodes


def _of_one_name(imports: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in imports:
        if isinstance(node, ast.Import):
            yield from (ast.Import([name]) for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [name], node.level) for name in node.names)
