"""Places where both sides put lines and both are right: lists, imports, blocks, definitions."""

import ast
import re
import textwrap
from collections.abc import Iterable
from pathlib import PurePosixPath

from fastapi_forge.merging.imports import merge_imports, merge_sorted
from fastapi_forge.merging.overtaken import is_begun, is_overtaken
from fastapi_forge.merging.statements import UNREADABLE
from fastapi_forge.merging.textmerge import Edit, Hunk, Lines, bare, edits, matches

_YAML = frozenset({".yml", ".yaml"})
_LINES = frozenset({"", ".example", ".md"})
_HEADER = re.compile(rb"\s*\[")


def settle_lists(path: str, target: bytes, hunk: Hunk, *, is_list: bool) -> Lines | None:
    """Take both sides of a conflict where each only adds to or drops from a list; else None.

    `target` is the whole file, `is_list` whether it is one that features and users lengthen. There
    any line of `.gitignore` or Markdown is an item, and of a module any item or statement; in other
    modules imports and whole definitions are, and remarks where forge puts statements; in TOML
    keys, in YAML whole blocks. Where both put lines at one place target's come first, in their
    order; imports are sorted, and the deeper block of YAML goes on with what stands before it.
    """
    kind = PurePosixPath(path)
    if kind.suffix == ".py" and (merged := merge_imports(hunk)) is not None:
        return merged
    if kind.suffix == ".py" and is_list and is_overtaken(hunk, target):
        return hunk.yours
    if is_list and is_begun(hunk):
        return hunk.target
    mine, new = edits(hunk.base, hunk.yours), edits(hunk.base, hunk.target)
    if _beside(kind, mine, new) or (
        _independent(mine, new) and _are_items(kind, mine, new, is_list=is_list)
    ):
        return _take_both(kind, hunk, mine, new)
    return None


def _beside(kind: PurePosixPath, mine: list[Edit], new: list[Edit]) -> bool:
    """Whether lines put between others merely stand beside lines that the other side replaced.

    In Python they have to be whole statements of the module: others may go on with what is gone.
    """
    for one in mine:
        for other in new:
            inserted, replaced = (one, other) if one[0] == one[1] else (other, one)
            if inserted[1] < replaced[0] or replaced[1] < inserted[0]:
                continue
            at_edge = inserted[0] == inserted[1] in replaced[:2] and replaced[0] < replaced[1]
            if not at_edge or (kind.suffix != ".py" and not replaced[2]):
                return False
            if kind.suffix == ".py" and not _parses(_text(inserted[2])):
                return False
    return True


def _independent(mine: list[Edit], new: list[Edit]) -> bool:
    """Whether no line is replaced by one side and touched by the other."""
    for start, end, lines in mine:
        for other_start, other_end, other_lines in new:
            overlap = max(start, other_start) < min(end, other_end)
            if overlap and (lines or other_lines) and (start, end) != (other_start, other_end):
                return False
            if overlap and [bare(x) for x in lines] != [bare(x) for x in other_lines]:
                return False
    return True


def _are_items(kind: PurePosixPath, mine: list[Edit], new: list[Edit], *, is_list: bool) -> bool:
    """Whether what each side puts in are whole items of a list."""
    sides = [lines for _, _, lines in (*mine, *new)]
    if is_list and kind.suffix in _LINES:
        return True
    if kind.suffix == ".toml":
        return not any(_HEADER.match(line) for _, _, lines in new for line in lines)
    if kind.suffix in _YAML:
        return all(min(depths) == depths[0] for side in sides if (depths := _depths(side)))
    return kind.suffix == ".py" and _are_python_items(mine, new, is_list=is_list)


def _are_python_items(mine: list[Edit], new: list[Edit], *, is_list: bool) -> bool:
    sides = [lines for _, _, lines in (*mine, *new)]
    if is_list:
        return all(map(_is_item, sides))
    if len({_indent(side) for side in sides if side}) > 1:
        return False
    if all(_is_remark(lines) for _, _, lines in mine):
        return all(low == high and _parses(textwrap.dedent(_text(x))) for low, high, x in new)
    return all(map(_are_whole, sides))


def _is_remark(lines: Lines) -> bool:
    return bool(lines) and all(line.lstrip().startswith(b"#") for line in lines)


def _is_item(lines: Lines) -> bool:
    text = textwrap.dedent(_text(lines))
    return _parses(text) or any(_parses(f"{o}\n{text}\n{c}") for o, c in ("[]", "{}"))


def _are_whole(lines: Lines) -> bool:
    """Whether lines are imports and definitions, each from its first line to its last."""
    try:
        body = ast.parse(textwrap.dedent(_text(lines))).body
    except UNREADABLE:
        return False
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return all(isinstance(node, (ast.Import, ast.ImportFrom, *definitions)) for node in body)


def _are_imports(lines: Lines) -> bool:
    try:
        body = ast.parse(textwrap.dedent(_text(lines))).body
    except UNREADABLE:
        return False
    return bool(body) and all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in body)


def _depths(lines: Iterable[bytes]) -> list[int]:
    """How far the lines of a YAML text are indented, blank ones aside."""
    return [_depth(line) for line in lines if line.strip()]


def _depth(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _indent(lines: Lines) -> int:
    return min(_depths(lines), default=0)


def _text(lines: Lines) -> str:
    return b"".join(lines).decode("utf-8", "replace")


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except UNREADABLE:
        return False
    return True


def _take_both(kind: PurePosixPath, hunk: Hunk, mine: list[Edit], new: list[Edit]) -> Lines:
    """Base with the edits of both; a blank line that sets off imports of mine stays with them."""
    kept = dict(matches([bare(x) for x in hunk.base], [bare(x) for x in hunk.yours]))
    dropped = {i for start, end, _ in (*mine, *new) for i in range(start, end)}
    cleared = {i for start, end, lines in new if not lines for i in range(start, end)}
    out: list[bytes] = []
    blank: list[bytes] = []
    follows_imports = False
    for i in range(len(hunk.base) + 1):
        own = _put_in(i, mine)
        both = [
            *_at_one_place(kind, _put_in(i, new), own),
            *_at_one_place(kind, _replacing(i, new), _replacing(i, mine)),
        ]
        is_kept = i < len(hunk.base) and i not in dropped
        imports = kind.suffix == ".py" and _are_imports(own)
        sets_off = imports or (follows_imports and (is_kept or i == len(hunk.base)))
        if sets_off and (not out or out[-1].strip()):
            out += blank
        if both or is_kept:
            blank, follows_imports = [], imports and not is_kept
        out += both
        if is_kept:
            out.append(hunk.yours[kept[i]])
        elif i in cleared and not hunk.base[i].strip():
            blank = [hunk.base[i]]
    return tuple(out)


def _put_in(at: int, changes: list[Edit]) -> Lines:
    return tuple(x for start, end, lines in changes if start == end == at for x in lines)


def _replacing(at: int, changes: list[Edit]) -> Lines:
    return tuple(x for start, end, lines in changes if start == at < end for x in lines)


def _at_one_place(kind: PurePosixPath, new: Lines, mine: Lines) -> Lines:
    if not (new and mine):
        return new or mine
    if [bare(x) for x in new] == [bare(x) for x in mine]:
        return mine
    if kind.suffix in _YAML:
        deeper = (_depths(mine) or [0])[0] > (_depths(new) or [0])[0]
        return (*mine, *new) if deeper else (*new, *mine)
    if kind.suffix == ".py" and (merged := merge_sorted(new, mine)) is not None:
        return merged
    both = {bare(x) for x in mine if _is_unit(kind, x)}
    return (*(line for line in new if bare(line) not in both), *mine)


def _is_unit(kind: PurePosixPath, line: bytes) -> bool:
    """Whether a line is an item by itself, so that once is enough."""
    if kind.suffix == ".md":
        return line.startswith(b"|")
    return kind.suffix in _LINES and bool(line.strip())
