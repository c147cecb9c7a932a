"""Three-way merge of texts, line by line, in bytes: no encoding is assumed."""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

Lines = tuple[bytes, ...]

MARKER = 7


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of the three texts; `merged` is what comes out, None where it is a conflict.

    `line` counts from 1 in yours. `reason` says why it is a conflict where the lines don't show it.
    """

    line: int
    base: Lines
    yours: Lines
    target: Lines
    merged: Lines | None
    reason: str = ""


Settle = Callable[[Hunk], Lines | None]


def is_binary(content: bytes) -> bool:
    """Whether no line-by-line merge makes sense (git's rule: a NUL near the beginning)."""
    return b"\0" in content[:8000]


def eol_of(content: bytes) -> bytes:
    """The line ending that most lines of a text have; LF where there is none."""
    crlf = content.count(b"\r\n")
    return b"\r\n" if crlf > content.count(b"\n") - crlf else b"\n"


def with_eol(content: bytes, eol: bytes) -> bytes:
    """The same text with one kind of line ending."""
    unix = content.replace(b"\r\n", b"\n")
    return unix if eol == b"\n" else unix.replace(b"\n", eol)


def bare(line: bytes) -> bytes:
    """A line without its ending: what lines are compared by."""
    return line.removesuffix(b"\n").removesuffix(b"\r")


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two contents are equal, line endings of texts aside."""
    if one == other:
        return True
    if is_binary(one) or is_binary(other):
        return False
    return with_eol(one, b"\n") == with_eol(other, b"\n")


def split(content: bytes) -> Lines:
    """Lines with their endings (LF or CRLF); the last may have none."""
    *ended, rest = content.split(b"\n")
    lines = tuple(line + b"\n" for line in ended)
    return (*lines, rest) if rest else lines


def merge_text(
    base: bytes, yours: bytes, target: bytes, settle: Settle | None = None
) -> tuple[Hunk, ...]:
    """The hunks of a three-way merge, in order; together they cover the whole of yours.

    Lines are compared without their endings. Unchanged lines come out as they are in yours, lines
    of base and target with the ending that is usual in yours. `settle` may resolve a conflict.
    """
    eol = eol_of(yours)
    hunks = diff3(split(with_eol(base, eol)), split(yours), split(with_eol(target, eol)))
    if settle is None:
        return tuple(hunks)
    return tuple(
        hunk if hunk.merged is not None else replace(hunk, merged=settle(hunk)) for hunk in hunks
    )


def diff3(base: Lines, yours: Lines, target: Lines) -> Iterator[Hunk]:
    """Cut the three texts at the lines that all of them share, and decide each piece."""
    to_yours = matches([bare(x) for x in base], [bare(x) for x in yours])
    to_target = matches([bare(x) for x in base], [bare(x) for x in target])
    anchors = [(i, to_yours[i], to_target[i]) for i in sorted(to_yours.keys() & to_target.keys())]
    at_base = at_yours = at_target = 0
    for in_base, in_yours, in_target in [*anchors, (len(base), len(yours), len(target))]:
        hunk = _decide(
            at_yours + 1,
            base[at_base:in_base],
            yours[at_yours:in_yours],
            target[at_target:in_target],
        )
        if hunk.base or hunk.yours or hunk.target:
            yield hunk
        if in_base < len(base):
            shared = yours[in_yours : in_yours + 1]
            yield Hunk(in_yours + 1, base[in_base : in_base + 1], shared, shared, shared)
        at_base, at_yours, at_target = in_base + 1, in_yours + 1, in_target + 1


def _decide(line: int, base: Lines, yours: Lines, target: Lines) -> Hunk:
    old, mine, new = ([bare(x) for x in side] for side in (base, yours, target))
    merged = yours if new in (mine, old) else target if old == mine else None
    if merged is None:
        merged = _side_by_side(base, yours, target)
    return Hunk(line, base, yours, target, merged)


Edit = tuple[int, int, Lines]
"""A replacement: base[start:end] becomes the lines."""


def edits(base: Lines, side: Lines) -> list[Edit]:
    """The replacements that turn base into the side."""
    found = matches([bare(x) for x in base], [bare(x) for x in side])
    changes: list[Edit] = []
    at_base = at_side = 0
    for i, j in [*sorted(found.items()), (len(base), len(side))]:
        if i > at_base or j > at_side:
            changes.append((at_base, i, side[at_side:j]))
        at_base, at_side = i + 1, j + 1
    return changes


def _side_by_side(base: Lines, yours: Lines, target: Lines) -> Lines | None:
    """Both sides' edits where they touch but no line is in both; None where that is not plain.

    It is plain where, of two edits that touch, each puts lines in the place of as many or lines
    between others, and not both the latter: then every line has its place.
    """
    mine, new = edits(base, yours), edits(base, target)
    if not all(_is_plain(one, other) for one in mine for other in new):
        return None
    kept = matches([bare(x) for x in base], [bare(x) for x in yours])
    out: list[bytes] = []
    at = 0
    for start, end, lines in sorted([*mine, *new], key=lambda edit: edit[:2]):
        out += (yours[kept[i]] for i in range(at, start))
        out += lines
        at = end
    return (*out, *(yours[kept[i]] for i in range(at, len(base))))


def _is_plain(one: Edit, other: Edit) -> bool:
    (start, end, _), (other_start, other_end, _) = one, other
    if end < other_start or other_end < start:
        return True
    if (start == end and other_start == other_end) or not (
        end == other_start or other_end == start
    ):
        return False
    return all(low == high or len(lines) == high - low for low, high, lines in (one, other))


def join(hunks: Sequence[Hunk], yours: bytes) -> bytes:
    """The text that hunks make: conflicts between diff3 marks, the last line ended as in yours."""
    eol = eol_of(yours)
    lines = [line for hunk in hunks for line in _output(hunk, eol)]
    ended = [bare(line) + eol if not line.endswith(b"\n") else line for line in lines]
    text = b"".join(ended)
    if yours and not yours.endswith(b"\n") and hunks[-1].merged is not None:
        return bare(text)
    return text


def _output(hunk: Hunk, eol: bytes) -> Lines:
    if hunk.merged is not None:
        return hunk.merged
    return (
        b"<" * MARKER + b" yours" + eol,
        *hunk.yours,
        b"|" * MARKER + b" base" + eol,
        *hunk.base,
        b"=" * MARKER + eol,
        *hunk.target,
        b">" * MARKER + b" forge" + eol,
    )


def matches(one: Sequence[Hashable], other: Sequence[Hashable]) -> dict[int, int]:
    """Which lines of one correspond to which of the other.

    Patience diff: lines that both have exactly once are the anchors, the pieces between them are
    treated likewise, and what has no anchor is aligned by its longest common blocks.
    """
    found: dict[int, int] = {}
    todo = [(0, len(one), 0, len(other))]
    while todo:
        low, high, start, end = todo.pop()
        while low < high and start < end and one[low] == other[start]:
            found[low] = start
            low, start = low + 1, start + 1
        while low < high and start < end and one[high - 1] == other[end - 1]:
            high, end = high - 1, end - 1
            found[high] = end
        if low == high or start == end:
            continue
        anchors = _anchors(one[low:high], other[start:end])
        if not anchors:
            found |= _longest_blocks(one[low:high], other[start:end], low, start)
        at_one, at_other = low, start
        for i, j in anchors:
            found[low + i] = start + j
            todo.append((at_one, low + i, at_other, start + j))
            at_one, at_other = low + i + 1, start + j + 1
        if anchors:
            todo.append((at_one, high, at_other, end))
    return found


def _anchors(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest run of lines, unique on both sides, that stand in one order on both."""
    counts, other_counts = Counter(one), Counter(other)
    where = {line: j for j, line in enumerate(other) if other_counts[line] == 1}
    pairs = [(i, where[x]) for i, x in enumerate(one) if counts[x] == 1 and x in where]
    tails: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for k, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        previous.append(last[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        last[length : length + 1] = [k]
    run: list[tuple[int, int]] = []
    k = last[-1] if last else -1
    while k >= 0:
        run.append(pairs[k])
        k = previous[k]
    return run[::-1]


def _longest_blocks(
    one: Sequence[Hashable], other: Sequence[Hashable], low: int, start: int
) -> dict[int, int]:
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {low + b.a + k: start + b.b + k for b in blocks for k in range(b.size)}
