"""Small faults put into Python code, made from its syntax tree."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
# What only people read; a letter more in it changes nothing that a program does.
PROSE = re.compile(r"[A-Z][a-z]*( [\w',;:.()/-]+){2,}")
DESCRIBING = {"description", "summary", "help"}

ONLY_CHECKED = {"abstractmethod", "override", "overload"}
PATIENCE = re.compile(r"timeout|\w+_timeout|wait|patience", re.IGNORECASE)


@dataclass(frozen=True)
class Mutant:
    """A fault that can be put into a source: where it stands in it and what it is."""

    index: int
    line: int
    what: str


Change = Callable[[], None]
"""Puts one fault into a tree in place."""


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its syntax tree."""
    found = sites(ast.parse(source))
    return [Mutant(index, line, what) for index, (line, what, _) in enumerate(found)]


def mutated(source: str, mutant: Mutant) -> str:
    """The source with the fault in it."""
    tree = ast.parse(source)
    _, _, change = list(sites(tree))[mutant.index]
    change()
    return ast.unparse(ast.fix_missing_locations(tree))


def sites(tree: ast.Module) -> Iterator[tuple[int, str, Change]]:
    """Each place where a fault can be put: its line, what the fault is, and how to put it."""
    skipped = annotations(tree) | documentation(tree) | prose(tree) | patience(tree) | checks(tree)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        line = getattr(getattr(node, "target", node), "lineno", 0)
        for what, change in faults(node):
            yield line, what, change


def annotations(tree: ast.Module) -> set[int]:
    """Type unions in annotations: `int | None` is no operation."""
    unions = set()
    for node in ast.walk(tree):
        places = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        for place in filter(None, places):
            unions |= {id(each) for each in ast.walk(place) if isinstance(each, ast.BinOp)}
    return unions


def documentation(tree: ast.Module) -> set[int]:
    """Docstrings, pieces of f-strings, `__all__` and the tests of `if TYPE_CHECKING`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found |= {id(node), id(node.value)}
        if isinstance(node, ast.JoinedStr):
            found |= {id(piece) for piece in node.values}
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            found |= {id(each) for each in ast.walk(node)}
    return found


def prose(tree: ast.Module) -> set[int]:
    """Texts for people: descriptions, what is logged, what an exception says."""
    found: list[ast.expr | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if PROSE.fullmatch(text):
                found.append(node)
            case ast.keyword(arg=str(name), value=text) if name in DESCRIBING:
                found.append(text)
            case ast.Dict(keys=keys, values=values):
                found += [text for key, text in zip(keys, values, strict=True) if describes(key)]
            case ast.Call(func=ast.Attribute(value=ast.Name("log")), args=[text, *_]):
                found.append(text)
            case ast.Raise(exc=ast.Call(args=arguments)):
                found += [each for each in arguments if is_sentence(each)]
    return {id(text) for text in found if isinstance(text, ast.Constant)}


def describes(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value in DESCRIBING


def is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def patience(tree: ast.Module) -> set[int]:
    """Numbers that say how long something is waited for: one second more is no fault."""
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[target], value=ast.Constant() as value)
                | ast.keyword(arg=target, value=ast.Constant() as value)
            ) if type(value.value) in (int, float) and PATIENCE.fullmatch(name_of(target)):
                found.add(id(value))
    return found


def name_of(target: object) -> str:
    """What is set: a keyword, a name or an item of a dictionary."""
    match target:
        case str(name) | ast.Name(name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def checks(tree: ast.Module) -> set[int]:
    """What a type checker reads, and the promise of equal lengths that `zip` is given."""
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("TypeVar" | "zip")):
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                found |= {
                    id(node),
                    *(id(each) for each in values if isinstance(each, ast.Constant)),
                }
    return found


def faults(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The faults that can be put into one node."""
    match node:
        case ast.If() | ast.While() | ast.IfExp():
            negated = ast.UnaryOp(ast.Not(), node.test)
            yield "condition negated", setter(node, "test", negated)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and/or swapped", setter(node, "op", other)
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield "comparison changed", setter(node, "ops", [COMPARISONS[type(op)]()])
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield "operator changed", setter(node, "op", OPERATORS[type(node.op)]())
        case ast.Constant():
            yield from constant(node)
        case ast.comprehension(ifs=[_, *_]):
            yield "filter dropped", setter(node, "ifs", [])
        case ast.Return(value=value) if value and ast.unparse(value) != "None":
            yield "result dropped", setter(node, "value", ast.Constant(None))
        case ast.Call(keywords=[_, *_]):
            yield from dropped(node, "keywords", "argument dropped")
    for block in ("body", "orelse", "finalbody"):
        yield from statements(node, block)
    if getattr(node, "decorator_list", None):
        yield from dropped(node, "decorator_list", "decorator dropped")


def constant(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    match node.value:
        case bool(value):
            yield "constant flipped", setter(node, "value", not value)
        case int(value) | float(value):
            yield "constant changed", setter(node, "value", value + 1)
        case str(value) if value:
            yield "constant changed", setter(node, "value", f"{value}x")


def statements(node: ast.AST, block: str) -> Iterator[tuple[str, Change]]:
    """Statements of a block that can be left out."""
    body = getattr(node, block, None)
    if not isinstance(body, list):
        return
    for index, statement in enumerate(body):
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
                what = f"line {statement.lineno} dropped"
                yield what, setter_at(body, index, ast.Pass())


def dropped(node: ast.AST, field: str, what: str) -> Iterator[tuple[str, Change]]:
    values = getattr(node, field)
    for index, value in enumerate(values):
        if without_effect(value):
            continue
        rest = [*values[:index], *values[index + 1 :]]
        yield f"{what}: {ast.unparse(value)}", setter(node, field, rest)


def without_effect(value: ast.AST) -> bool:
    """Whether to leave out a decorator or an argument changes nothing but what people read."""
    match value:
        case ast.Name(name):
            return name in ONLY_CHECKED
        case ast.keyword(arg=str(name), value=ast.Constant(value=str())):
            return name in DESCRIBING
    return False


def setter(node: ast.AST, field: str, value: object) -> Change:
    return lambda: setattr(node, field, value)


def setter_at(body: list[ast.stmt], index: int, value: ast.stmt) -> Change:
    def change() -> None:
        body[index] = value

    return change
