"""The columns that models declare, and what becomes of rows where others take their place."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi_forge.project.owntables import declaring
from fastapi_forge.tree import Tree

_CALLS = frozenset({"mapped_column", "Column"})
_FILLED = frozenset({"server_default", "Computed", "Identity"})

Columns = Mapping[str, Mapping[str, bool]]
"""By table and name, whether a row that exists lacks a value for the column when it comes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a revision from one state of the models to another does to rows that exist.

    `lost` are the tables and columns that go with what is in them, `unfilled` the columns that come
    NOT NULL, without a value.
    """

    lost: tuple[str, ...]
    unfilled: tuple[str, ...]

    @classmethod
    def between(cls, before: Columns, after: Columns) -> "Rows":
        lost = [table for table in before if table not in after]
        unfilled = []
        for table, had in before.items():
            has = after.get(table, had)
            lost += [f"{table}.{name}" for name in had if name not in has]
            unfilled += [f"{table}.{n}" for n, lacks in has.items() if lacks and n not in had]
        return cls(tuple(sorted(lost)), tuple(sorted(unfilled)))


def columns_of(generated: Tree) -> Columns:
    """The columns of forge's models, and of the classes that all models derive from."""
    return {name: dict(_columns(node)) for name, node in declaring(generated)}


def _columns(node: ast.ClassDef) -> Iterator[tuple[str, bool]]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Subscript() as said):
                call = statement.value
                if _word(said.value) == "Mapped" and (call is None or _is_column(call)):
                    yield _name(name, call), not _may_be_null(said) and not _is_filled(call)
            case ast.Assign(targets=[ast.Name(id=name)], value=call) if _is_column(call):
                yield _name(name, call), not _is_filled(call)


def _is_column(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _word(value.func) in _CALLS


def _name(attribute: str, call: ast.expr | None) -> str:
    """What the column is called in the database."""
    match call:
        case ast.Call(args=[ast.Constant(value=str(name)), *_]):
            return name
    return attribute


def _may_be_null(annotation: ast.expr) -> bool:
    return any(
        (isinstance(node, ast.Constant) and node.value is None)
        or (isinstance(node, ast.expr) and _word(node) == "Optional")
        for node in ast.walk(annotation)
    )


def _is_filled(call: ast.expr | None) -> bool:
    """Whether the database gives rows a value, or none is needed."""
    if not isinstance(call, ast.Call):
        return False
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    words = {_word(one.func) for one in call.args if isinstance(one, ast.Call)}
    nullable = named.get("nullable")
    is_nullable = isinstance(nullable, ast.Constant) and nullable.value is True
    return is_nullable or not _FILLED.isdisjoint({*named, *words})


def _word(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")
