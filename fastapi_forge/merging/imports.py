"""Imports of Python, merged statement by statement and name by name."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.merging.textmerge import Hunk, Lines, bare, eol_of

WIDTH = 88
"""Columns up to which the names of one import stay on a line."""

_Key = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class _Import:
    """One statement; `above` are the comments over it, `names` those that a `from` brings.

    Sorted by `key` as isort does within a section: `import x` first, then by module. A split one is
    several statements that import from one module, one name a line.
    """

    key: _Key
    above: Lines
    lines: Lines
    names: tuple[str, ...]
    is_split: bool = False

    @property
    def texts(self) -> list[bytes]:
        return [bare(line) for line in self.lines]

    def imports_as(self, other: "_Import | None") -> bool:
        """Whether it is the same import, maybe laid out otherwise."""
        if other is None or self.texts == other.texts:
            return other is not None
        has_remarks = b"#" in b"".join((*self.lines, *other.lines))
        return set(self.names) == set(other.names) != set() and not has_remarks

    def split(self) -> "_Import":
        """The same, one name a line."""
        if len(self.names) < 2:
            return self
        return replace(self, lines=tuple(map(self.line_of, self.names)), is_split=True)

    def line_of(self, name: str) -> bytes:
        """The statement that imports one name: as it is in a split import, else a new one."""
        if self.is_split and name in self.names:
            return self.lines[self.names.index(name)]
        return f"from {self.key[1]} import {name}".encode() + eol_of(self.lines[0])


@dataclass(frozen=True, slots=True)
class _Section:
    """Imports that stand together, and the blank lines below them."""

    imports: list[_Import]
    below: Lines


def is_import(line: bytes) -> bool:
    """Whether a line is an import as a whole."""
    return _statements((line,)) is not None


def merge_imports(hunk: Hunk) -> Lines | None:
    """Merge a stretch of imports and blank lines; None where it is something else, or contested."""
    sides = [_sections(side) for side in (hunk.base, hunk.yours, hunk.target)]
    base, yours, target = sides
    if base is None or yours is None or target is None:
        return None
    if len({len(side) for side in sides if side is not None}) != 1:
        return _in_style_of(yours, target) if _import_the_same(base, yours) else None
    merged: list[bytes] = []
    for old, mine, new in zip(base, yours, target, strict=True):
        section = _merge_section(old.imports, mine.imports, new.imports)
        if section is None:
            return None
        merged += _text_of(section, mine.below)
    return tuple(merged)


def _import_the_same(base: Sequence[_Section], yours: Sequence[_Section]) -> bool:
    """Whether yours has the imports of base, section by section, only laid out otherwise."""
    return len(base) == len(yours) and all(
        len(old.imports) == len(mine.imports)
        and _merge_section(old.imports, mine.imports, ()) == []
        for old, mine in zip(base, yours, strict=True)
    )


def _in_style_of(yours: Sequence[_Section], target: Sequence[_Section]) -> Lines:
    """The lines of target, one name a line if that is how yours has them."""
    is_split = any(one.is_split for section in yours for one in section.imports)
    lines: list[bytes] = []
    for section in target:
        imports = section.imports
        lines += _text_of([one.split() for one in imports] if is_split else imports, section.below)
    return tuple(lines)


def _text_of(imports: Iterable[_Import], below: Lines) -> Lines:
    return (*(line for one in imports for line in (*one.above, *one.lines)), *below)


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


def _sections(lines: Lines) -> list[_Section] | None:
    """The stretches that end with a run of blank lines; None where one is more than imports."""
    found: list[_Section] = []
    for stretch in _stretches(lines):
        imports = _statements(stretch)
        if imports is None:
            return None
        found.append(_Section(imports, tuple(line for line in stretch if not line.strip())))
    return found


def _stretches(lines: Lines) -> Iterator[Lines]:
    """The lines cut behind each run of blank ones; at least one piece, the last maybe empty."""
    start = 0
    for i, line in enumerate(lines):
        last_blank = not line.strip() and (i + 1 == len(lines) or lines[i + 1].strip())
        if last_blank:
            yield lines[start : i + 1]
            start = i + 1
    yield lines[start:]


def _statements(lines: Lines) -> list[_Import] | None:
    """The imports that lines are; None where a line is none, or two import from one module.

    Those that do are one where they follow each other and each has one name and one line.
    """
    text = b"".join(bare(line) + b"\n" for line in lines)
    try:
        nodes = ast.parse(text).body
    except UNREADABLE:
        return None
    found: dict[_Key, _Import] = {}
    at = 0
    for node in nodes:
        statement = _statement(node, lines, at)
        if statement is not None and statement.key in found:
            last = found[next(reversed(found))]
            statement = _joined(last, statement) if last.key == statement.key else None
        if statement is None:
            return None
        found[statement.key] = statement
        at = node.end_lineno or 0
    return list(found.values()) if not any(line.strip() for line in lines[at:]) else None


def _joined(one: _Import, other: _Import) -> _Import | None:
    """Two imports from one module as a split one; None if a line has several names or comments."""
    lines, names = (*one.lines, *other.lines), (*one.names, *other.names)
    if other.above or len(lines) != len(names) or len(set(names)) != len(names):
        return None
    return replace(one, lines=lines, names=names, is_split=True)


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
    if any(one.is_split for one in yours):
        target = [one.split() for one in target]
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
        elif not one.imports_as(old[one.key]):
            return None
    return merged


def _decide(old: _Import | None, mine: _Import, new: _Import | None) -> list[_Import] | None:
    """What becomes of an import of the user's; None where both sides changed it."""
    if old is None:
        return [mine] if new is None or mine.imports_as(new) else _both(None, mine, new)
    if new is None:
        return [] if mine.imports_as(old) and mine.above == old.above else None
    if new.imports_as(old) or mine.imports_as(new):
        return [mine]
    if mine.imports_as(old) and (mine.texts == old.texts or mine.is_split):
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
    if mine.is_split:
        return _both_split(mine, names, dropped)
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


def _both_split(mine: _Import, names: list[str], dropped: set[str]) -> list[_Import] | None:
    if not names or any(b"#" in mine.line_of(name) for name in dropped & set(mine.names)):
        return None
    return [replace(mine, lines=tuple(map(mine.line_of, names)))]


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
