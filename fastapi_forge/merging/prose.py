"""Prose: what forge changes goes to the places that yours still has, and nowhere else."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastapi_forge.merging.textmerge import (
    Hunk,
    Lines,
    bare,
    edits,
    eol_of,
    matches,
    split,
    with_eol,
)

ALIKE = 0.5
_WORD = re.compile(rb"[\w\x80-\xff]+")
_HEADING = re.compile(rb"#{1,6} ")


def is_prose(path: str) -> bool:
    return PurePosixPath(path).suffix == ".md"


@dataclass(frozen=True, slots=True)
class Prose:
    """Hunks that cover yours, and names for what forge would have added where nothing is left."""

    hunks: tuple[Hunk, ...]
    left_out: tuple[str, ...]


def merge_prose(base: bytes, yours: bytes, target: bytes) -> Prose:
    """Carry forge's changes into a text that the user may have written anew.

    A change has its place where a line beside it, or the lines that it is made to, are still there,
    be it elsewhere; one to lines that were reworded is a conflict, one to lines that are gone is
    left out.
    """
    eol = eol_of(yours)
    text = _Text(split(with_eol(base, eol)), split(yours))
    changes: list[_Change] = []
    left_out: list[tuple[Lines, Lines]] = []
    for start, end, lines in edits(text.base, split(with_eol(target, eol))):
        found = text.carried(start, end, lines)
        if found is None:
            left_out.append((text.base[start:end], lines))
        else:
            changes += found
    return Prose(tuple(_hunks(text.yours, changes)), _names(left_out))


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines of yours, from `start` to before `end`, that become others; `open` where they can't."""

    start: int
    end: int
    base: Lines
    target: Lines
    open: bool = False


class _Text:
    """Base and yours, and which lines of base are which of yours."""

    def __init__(self, base: Lines, yours: Lines) -> None:
        self.base, self.yours = base, yours
        self.place = _places([bare(x) for x in base], [bare(x) for x in yours])
        kept = {*self.place.values()}
        self.own = {j for j in range(len(yours)) if j not in kept}

    def carried(self, start: int, end: int, lines: Lines) -> list[_Change] | None:
        """What a replacement of lines of base comes to in yours; None where it has no place."""
        if start < end:
            return self._replaced(start, end, lines)
        at = self._place_between(start)
        if at is None:
            return None
        rows = {bare(self.yours[j]) for j in self.own if _is_row(self.yours[j])}
        new = tuple(line for line in lines if bare(line) not in rows)
        there = [bare(x) for x in self.yours[at : at + len(new)]] == [bare(x) for x in new]
        return [] if there else [_Change(at, at, (), new)]

    def _replaced(self, start: int, end: int, lines: Lines) -> list[_Change] | None:
        here = [self.place.get(i) for i in range(start, end)]
        kept = [j for j in here if j is not None]
        low, high = (min(kept), max(kept) + 1) if kept else (0, 0)
        if len(kept) == end - start == high - low:
            return [_Change(low, high, self.base[start:end], lines)]
        if len(kept) == end - start == len(lines):
            pairs = zip(kept, range(start, end), lines, strict=True)
            return [_Change(j, j + 1, (self.base[i],), (line,)) for j, i, line in pairs]
        reworded = self._reworded(start, end)
        if reworded or (lines and any(_has_words(self.yours[j]) for j in kept)):
            touched = [*kept, *reworded]
            low, high = min(touched), max(touched) + 1
            if [bare(x) for x in self.yours[low:high]] == [bare(x) for x in lines]:
                return []
            return [_Change(low, high, self.base[start:end], lines, open=True)]
        if lines:
            return None
        return [_Change(j, j + 1, (self.yours[j],), ()) for j in kept]

    def _reworded(self, start: int, end: int) -> list[int]:
        """The user's own lines, at the place of lines that are gone, that are like one of those."""
        low, high = self._gap(start, end)
        gone = [self.base[i] for i in range(start, end) if i not in self.place]
        own = (j for j in range(low, high) if j in self.own)
        return [j for j in own if any(_are_alike(line, self.yours[j]) for line in gone)]

    def _gap(self, start: int, end: int) -> tuple[int, int]:
        """The lines of yours between what is left of base before and after some lines of it."""
        before = [self.place[i] for i in range(start) if i in self.place]
        after = [self.place[i] for i in range(end, len(self.base)) if i in self.place]
        return (before[-1] + 1 if before else 0, after[0] if after else len(self.yours))

    def _place_between(self, at: int) -> int | None:
        """Where in yours lines go that stand in base before line `at`."""
        if at - 1 in self.place:
            return self.place[at - 1] + 1
        if at in self.place:
            return self.place[at]
        for i in _block_before(self.base, at):
            if i in self.place:
                return self._below(self.place[i])
        for i in _block_after(self.base, at):
            if i in self.place:
                return self.place[i]
        low, high = self._gap(at, at)
        is_cut = 0 < low <= high < len(self.yours)
        return high if is_cut and not any(map(_has_words, self.yours[low:high])) else None

    def _below(self, line: int) -> int:
        """After a line, and after the rule below it if it is the head of a table."""
        at = line + 1
        while at < len(self.yours) and self.yours[at].startswith(b"|-"):
            at += 1
        return at


def _places(base: Sequence[bytes], yours: Sequence[bytes]) -> dict[int, int]:
    """Which line of yours is which of base: lines with words, moved ones too, and what joins them.

    A line without words, such as a blank one, stands in any text; it is the same where a line
    beside it is.
    """
    ours, theirs = ([i for i, x in enumerate(side) if _has_words(x)] for side in (base, yours))
    same = matches([base[i] for i in ours], [yours[j] for j in theirs])
    found = {ours[i]: theirs[j] for i, j in same.items()}
    taken = {*found.values()}
    once, there_once = _unique(base, ours), _unique(yours, theirs)
    for line, i in once.items():
        j = there_once.get(line)
        if i not in found and j is not None and j not in taken:
            found[i] = j
    for step in (1, -1):
        for i in sorted(found, reverse=step < 0):
            _join(base, yours, found, i, step)
    return found


def _unique(lines: Sequence[bytes], among: Iterable[int]) -> dict[bytes, int]:
    counts = Counter(lines)
    return {lines[i]: i for i in among if counts[lines[i]] == 1}


def _join(
    base: Sequence[bytes], yours: Sequence[bytes], found: dict[int, int], at: int, step: int
) -> None:
    """Add the lines without words that stand beside a line on both sides."""
    taken = {*found.values()}
    i, j = at + step, found[at] + step
    while 0 <= i < len(base) and 0 <= j < len(yours) and base[i] == yours[j]:
        if _has_words(base[i]) or i in found or j in taken:
            return
        found[i] = j
        i, j = i + step, j + step


def _has_words(line: bytes) -> bool:
    return bool(_WORD.search(line))


def _are_alike(one: bytes, other: bytes) -> bool:
    """Whether one line is the other, reworded: a row of a table by its first cell."""
    if _is_row(one) and _is_row(other):
        return _cell(one) == _cell(other)
    words, others = (Counter(_WORD.findall(line)) for line in (one, other))
    total = words.total() + others.total()
    return bool(total) and 2 * (words & others).total() / total >= ALIKE


def _is_row(line: bytes) -> bool:
    return line.startswith(b"|")


def _cell(row: bytes) -> bytes:
    return row.split(b"|")[1].strip()


def _block_before(lines: Lines, at: int) -> Iterator[int]:
    """The lines of the block that goes on at a line, the nearest first."""
    while at and lines[at - 1].strip():
        at -= 1
        yield at


def _block_after(lines: Lines, at: int) -> Iterator[int]:
    while at < len(lines) and lines[at].strip():
        yield at
        at += 1


def _hunks(yours: Lines, changes: Iterable[_Change]) -> Iterator[Hunk]:
    at = 0
    for one in _apart(changes):
        if one.start > at:
            yield _left(at, yours[at : one.start])
        merged = None if one.open else one.target
        yield Hunk(one.start + 1, one.base, yours[one.start : one.end], one.target, merged)
        at = one.end
    if at < len(yours):
        yield _left(at, yours[at:])


def _left(at: int, lines: Lines) -> Hunk:
    return Hunk(at + 1, lines, lines, lines, lines)


def _apart(changes: Iterable[_Change]) -> list[_Change]:
    """The changes in the order of yours; those that meet in a line as one conflict."""
    out: list[_Change] = []
    for one in sorted(changes, key=lambda change: (change.start, change.end)):
        if out and one.start < out[-1].end:
            last = out.pop()
            end = max(last.end, one.end)
            base, target = (*last.base, *one.base), (*last.target, *one.target)
            out.append(_Change(last.start, end, base, target, open=True))
        else:
            out.append(one)
    return out


def _names(left_out: Iterable[tuple[Lines, Lines]]) -> tuple[str, ...]:
    """What is new in lines that have no place: sections, rows of tables, or else where they begin.

    Nothing where lines of base are only worded otherwise.
    """
    headings: list[bytes] = []
    rows: list[bytes] = []
    texts: list[bytes] = []
    for base, target in left_out:
        known = {bare(line) for line in base}
        cells = {_cell(line) for line in known if _is_row(line)}
        new = [x for line in target if _has_words(x := bare(line)) and x not in known]
        sections = [line for line in new if _HEADING.match(line)]
        level = min((line.index(b" ") for line in sections), default=0)
        headings += [line for line in sections if line.index(b" ") == level]
        if not sections:
            rows += [cell for line in new if _is_row(line) and (cell := _cell(line)) not in cells]
        if not base:
            texts += new[:1]
    named = [f"`{_text(heading)}`" for heading in headings]
    if rows:
        ends = " to ".join(_text(row) for row in dict.fromkeys((rows[0], rows[-1])))
        named.append(f"the row {ends}" if len(rows) == 1 else f"{len(rows)} rows ({ends})")
    if texts and not named:
        named = [f'"{_text(texts[0].strip())}"']
    return tuple(named)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
