"""Imports of Python, merged statement by statement and name by name."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastapi_forge.merging.textmerge import Hunk, Lines, bare, eol_of

WIDTH = 88
"""Columns up to which the names of one import stay on a line."""

_Key = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class _Import:
    """One statement; `above` are the comments over it, `names` those that a `from` brings.

    Sorted by `key` as isort does within a section: `import x` first, then by module.
    """

    key: _Key
    above: Lines
    lines: Lines
    names: tuple[str, ...]

    @property
    def texts(self) -> list[bytes]:
        return [bare(line) for line in self.lines]


def is_import(line: bytes) -> bool:
    """Whether a line is an import as a whole."""
    return _statements((line,)) is not None


def merge_imports(hunk: Hunk) -> Lines | None:
    """Merge a stretch of imports and blank lines; None where it is something else, or contested."""
    sides = [list(_sections(side)) for side in (hunk.base, hunk.yours, hunk.target)]
    if len({len(side) for side in sides}) != 1:
        return None
    merged: list[bytes] = []
    for base, yours, target in zip(*sides, strict=True):
        parsed = [_statements(side) for side in (base, yours, target)]
        if any(side is None for side in parsed):
            return None
        old, mine, new = (side or [] for side in parsed)
        section = _merge_section(old, mine, new)
        if section is None:
            return None
        merged += (line for one in section for line in (*one.above, *one.lines))
        merged += (line for line in yours if not line.strip())
    return tuple(merged)


def merge_sorted(one: Lines, other: Lines) -> Lines | None:
    """Two lists of imports as one, each left in its own order; None where one is something else."""
    above, first, below = _parted(one)
    their_above, second, their_below = _parted(other)
    if (len(above), len(below)) != (len(their_above), len(their_below)):
        return None
    if first is None or second is None:
        return None
    merged = _merge_section([], second, first)
    if merged is None:
        return None
    return (*above, *(line for i in merged for line in (*i.above, *i.lines)), *below)


def _parted(lines: Lines) -> tuple[Lines, list[_Import] | None, Lines]:
    """Blank lines, imports, blank lines."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    start, end = (filled[0], filled[-1] + 1) if filled else (0, 0)
    return lines[:start], _statements(lines[start:end]), lines[end:]


def _sections(lines: Lines) -> Iterator[Lines]:
    """The stretches that end with a run of blank lines, that run included; at least one."""
    start = 0
    for i, line in enumerate(lines):
        last_blank = not line.strip() and (i + 1 == len(lines) or lines[i + 1].strip())
        if last_blank:
            yield lines[start : i + 1]
            start = i + 1
    yield lines[start:]


def _statements(lines: Lines) -> list[_Import] | None:
    """The imports that lines are; None where a line is none, or two import from one module."""
    text = b"".join(bare(line) + b"\n" for line in lines)
    try:
        nodes = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    found: dict[_Key, _Import] = {}
    at = 0
    for node in nodes:
        statement = _statement(node, lines, at)
        if statement is None or statement.key in found:
            return None
        found[statement.key] = statement
        at = node.end_lineno or 0
    return list(found.values()) if not any(line.strip() for line in lines[at:]) else None


def _statement(node: ast.stmt, lines: Lines, at: int) -> _Import | None:
    above, own = lines[at : node.lineno - 1], lines[node.lineno - 1 : node.end_lineno]
    if node.col_offset or any(not line.strip() for line in above):
        return None
    match node:
        case ast.Import(names=[ast.alias(name=name)]):
            return _Import((False, name), above, own, ())
        case ast.ImportFrom(module=module, level=level, names=names):
            return _Import(
                (True, "." * level + (module or "")), above, own, tuple(map(ast.unparse, names))
            )
    return None


def _merge_section(
    base: Iterable[_Import], yours: Sequence[_Import], target: Sequence[_Import]
) -> list[_Import] | None:
    old, mine, new = ({one.key: one for one in side} for side in (base, yours, target))
    merged: list[_Import] = []
    for one in yours:
        kept = _decide(old.get(one.key), one, new.get(one.key))
        if kept is None:
            return None
        merged += kept
    for one in target:
        if one.key in mine:
            continue
        if one.key not in old:
            merged.insert(_place(merged, one.key, target), one)
        elif one.texts != old[one.key].texts:
            return None
    return merged


def _decide(old: _Import | None, mine: _Import, new: _Import | None) -> list[_Import] | None:
    """What becomes of an import of the user's; None where both sides changed it."""
    if old is None:
        return [mine] if new is None or mine.texts == new.texts else _both(None, mine, new)
    if new is None:
        return [] if mine.texts == old.texts and mine.above == old.above else None
    if new.texts in (old.texts, mine.texts):
        return [mine]
    if mine.texts == old.texts:
        return [replace(mine, lines=new.lines)]
    return _both(old, mine, new)


def _both(old: _Import | None, mine: _Import, new: _Import) -> list[_Import] | None:
    """One import with the names of both; the user's remark on its line stays."""
    before = set(old.names) if old else set()
    dropped, added = before - set(new.names), [n for n in new.names if n not in before]
    names = [name for name in mine.names if name not in dropped]
    for name in added:
        if name not in names:
            names.insert(_place_of_name(names, name), name)
    if not (names and mine.names) or (len(mine.lines) > 1 and b"#" in b"".join(mine.lines)):
        return None
    eol = eol_of(mine.lines[0])
    code, sign, remark = bare(mine.lines[0]).partition(b"#")
    line = f"from {mine.key[1]} import {', '.join(names)}".encode()
    if sign:
        return [replace(mine, lines=(line + code[len(code.rstrip()) :] + sign + remark + eol,))]
    if len(mine.lines) == 1 and len(line) <= WIDTH:
        return [replace(mine, lines=(line + eol,))]
    inner = (f"    {name},".encode() + eol for name in names)
    return [
        replace(mine, lines=(f"from {mine.key[1]} import (".encode() + eol, *inner, b")" + eol))
    ]


def _place(merged: Sequence[_Import], key: _Key, target: Sequence[_Import]) -> int:
    """Before what it precedes in target, and before the user's own that sort after it."""
    order = [one.key for one in target]
    later = set(order[order.index(key) + 1 :])
    at = next((i for i, one in enumerate(merged) if one.key in later), len(merged))
    while at and merged[at - 1].key not in order and merged[at - 1].key > key:
        at -= 1
    return at


def _place_of_name(names: Sequence[str], name: str) -> int:
    wanted = _order_of(name)
    return next((i for i, one in enumerate(names) if _order_of(one) > wanted), len(names))


def _order_of(name: str) -> tuple[int, str, str]:
    """Constants, classes, then the rest: the order that ruff gives names."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name
