"""Places of a list where yours has done what forge does: all of it and more, or a part."""

import ast
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.merging.textmerge import Hunk, Lines, bare


def is_overtaken(hunk: Hunk, target: bytes) -> bool:
    """Whether yours has the items that target has, in order, and none more of base.

    `target` is the whole module. What yours has besides has to be of the user's own: it may speak
    of nothing that goes with an item that target drops, which would be an edit of that.
    """
    others = _besides(hunk.yours, hunk.target)
    if others is None:
        return False
    dropped = _less(hunk.base, hunk.target)
    if _less(others, dropped) != _less(others, ()):
        return False
    own, gone = _items(others), _items(dropped)
    there = _items(target.splitlines(keepends=True))
    if own is None or gone is None or there is None:
        return False
    left = _names(there)
    return all(_are_apart(own, item, left) for item in gone)


def is_begun(hunk: Hunk) -> bool:
    """Whether yours does a part of what target does, and nothing else."""
    kept = _less(hunk.base, hunk.yours)
    return _besides(hunk.target, hunk.yours) is not None and _less(kept, hunk.target) == kept


def _are_apart(own: Sequence[ast.AST], item: ast.AST, left: Set[str]) -> bool:
    """Whether own items are others than this one, which target has not at this place.

    It is known by its names that target has nowhere; one that target only moved, by all of them.
    """
    names = _names([item])
    known_by = names - left or names
    return bool(known_by) and known_by.isdisjoint(_names(own))


def _besides(lines: Lines, others: Lines) -> Lines | None:
    """The lines that are not among the others; None unless all of those are there, in order."""
    wanted = [bare(line) for line in reversed(others)]
    out: list[bytes] = []
    for line in lines:
        if wanted and bare(line) == wanted[-1]:
            wanted.pop()
        else:
            out.append(line)
    return None if wanted else tuple(out)


def _less(lines: Iterable[bytes], others: Iterable[bytes]) -> Lines:
    """The lines, blank ones aside, that the others have not, or not as often."""
    there = Counter(bare(line) for line in others)
    out: list[bytes] = []
    for line in lines:
        if not line.strip():
            continue
        if there[bare(line)]:
            there[bare(line)] -= 1
        else:
            out.append(line)
    return tuple(out)


def _items(lines: Sequence[bytes]) -> list[ast.AST] | None:
    """The statements or the items of a list that lines are; None where they are neither."""
    text = textwrap.dedent(b"".join(lines).decode("utf-8", "replace"))
    for opening, closing in (("", ""), ("[", "]"), ("{", "}")):
        try:
            body = ast.parse(f"{opening}\n{text}\n{closing}").body
        except UNREADABLE:
            continue
        if opening:
            return [item for one in body for item in _parts(one)]
        return [*body]
    return None


def _parts(statement: ast.stmt) -> Iterator[ast.AST]:
    match statement:
        case ast.Expr(value=ast.List(elts=items) | ast.Set(elts=items)):
            yield from items
        case ast.Expr(value=ast.Dict(keys=keys, values=values)):
            yield from (
                ast.Tuple([key or value, value]) for key, value in zip(keys, values, strict=True)
            )
        case _:
            yield statement


def _names(items: Iterable[ast.AST]) -> set[str]:
    """What items speak of: names they load or bind, modules they import, and their strings."""
    return {name for item in items for node in ast.walk(item) for name in _named(node)}


def _named(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.alias(name=name, asname=bound):
            return (bound or name,)
        case ast.ImportFrom(module=str(module)):
            return (module,)
    return ()
