"""Files that are lists of lines: where both sides put lines at one place, both are right."""

import ast
import re
import textwrap
from pathlib import PurePosixPath

from fastapi_forge.merging.textmerge import Hunk, Lines, bare, matches

_YAML = frozenset({".yml", ".yaml"})
_ANY_LINE = frozenset({"", ".md"})
_IMPORT = re.compile(rb"(?:import|from)\s+(?P<module>[\w.]+)")


def may_settle(path: str, *, is_list: bool) -> bool:
    """Whether some conflicts in such a file can be settled by taking both sides.

    `is_list`: whether the file is a list that features and users lengthen.
    """
    return is_list or PurePosixPath(path).suffix in {".py", *_YAML}


def settle_lists(path: str, hunk: Hunk, *, is_list: bool) -> Lines | None:
    """Take both sides of a conflict where each only adds to or drops from a list; else None.

    In files that are lists any list item will do, in other Python files only imports, in YAML whole
    blocks of one depth. Where both put lines at one place target's come first, in their order;
    imports are sorted.
    """
    mine = _edits(hunk.base, hunk.yours)
    new = _edits(hunk.base, hunk.target)
    if not _independent(mine, new):
        return None
    sides = [lines for _, _, lines in (*mine, *new)]
    if PurePosixPath(path).suffix in _YAML:
        return _take_both(hunk, mine, new) if _are_blocks(sides) else None
    if not all(_are_items(path, lines, is_list=is_list) for lines in sides):
        return None
    return _take_both(hunk, mine, new)


_Edit = tuple[int, int, Lines]


def _edits(base: Lines, side: Lines) -> list[_Edit]:
    """Replacements base[start:end] → lines that turn base into the side."""
    found = matches([bare(x) for x in base], [bare(x) for x in side])
    edits: list[_Edit] = []
    at_base = at_side = 0
    for i, j in [*sorted(found.items()), (len(base), len(side))]:
        if i > at_base or j > at_side:
            edits.append((at_base, i, side[at_side:j]))
        at_base, at_side = i + 1, j + 1
    return edits


def _independent(mine: list[_Edit], new: list[_Edit]) -> bool:
    """Whether no line is replaced by one side and touched by the other."""
    for start, end, lines in mine:
        for other_start, other_end, other_lines in new:
            overlap = max(start, other_start) < min(end, other_end)
            if overlap and (lines or other_lines) and (start, end) != (other_start, other_end):
                return False
            if overlap and [bare(x) for x in lines] != [bare(x) for x in other_lines]:
                return False
    return True


def _are_items(path: str, lines: Lines, *, is_list: bool) -> bool:
    """Whether lines are whole items of a list, or whole statements."""
    if PurePosixPath(path).suffix in _ANY_LINE or PurePosixPath(path).name.startswith("."):
        return True
    if not is_list:
        return all(
            _IMPORT.match(line) and _parses(line.decode("utf-8", "replace")) for line in lines
        )
    text = textwrap.dedent(b"".join(lines).decode("utf-8", "replace"))
    return _parses(text) or _parses(f"[\n{text}\n]")


def _are_blocks(sides: list[Lines]) -> bool:
    """Whether each text is whole blocks of YAML, all of them at one depth."""
    depths = [[_depth(line) for line in lines if line.strip()] for lines in sides]
    found = [side for side in depths if side]
    return len({side[0] for side in found}) <= 1 and all(min(side) == side[0] for side in found)


def _depth(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _take_both(hunk: Hunk, mine: list[_Edit], new: list[_Edit]) -> Lines:
    kept = dict(matches([bare(x) for x in hunk.base], [bare(x) for x in hunk.yours]))
    dropped = {i for start, end, _ in (*mine, *new) for i in range(start, end)}
    out: list[bytes] = []
    for i in range(len(hunk.base) + 1):
        out += _at_one_place(_inserted(new, i), _inserted(mine, i))
        if i < len(hunk.base) and i not in dropped:
            out.append(hunk.yours[kept[i]])
    return tuple(out)


def _inserted(edits: list[_Edit], at: int) -> Lines:
    return next((lines for start, _, lines in edits if start == at), ())


def _at_one_place(new: Lines, mine: Lines) -> list[bytes]:
    both = {bare(x) for x in mine if x.strip()}
    fresh = [line for line in new if bare(line) not in both]
    if not (fresh and mine) or not all(_IMPORT.match(line) for line in (*fresh, *mine)):
        return [*fresh, *mine]
    return _merge_sorted(fresh, list(mine))


def _merge_sorted(one: list[bytes], other: list[bytes]) -> list[bytes]:
    """Merge two lists of imports, each left in its own order."""
    out: list[bytes] = []
    while one and other:
        out.append((one if _import_key(one[0]) <= _import_key(other[0]) else other).pop(0))
    return [*out, *one, *other]


def _import_key(line: bytes) -> tuple[bool, bytes]:
    """The order of isort within a section: `import x` first, then by module."""
    found = _IMPORT.match(line)
    return line.startswith(b"from"), found["module"] if found else b""
