"""A formatter's work, set aside while a module is merged, and put back after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from fastapi_forge.merging.layout import same_code
from fastapi_forge.merging.statements import UNREADABLE, Statement, Word, statements
from fastapi_forge.merging.textmerge import Hunk, Lines, bare, eol_of, matches, split, with_eol


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines from `start` to before `end` that stand for `lines` of yours, the first at `line`."""

    start: int
    end: int
    line: int
    lines: Lines


@dataclass(frozen=True, slots=True)
class Unformatted:
    """A module of the user's, `text`, with the layout of base wherever the code is that of base.

    `places` are the lines of `text` that are laid out otherwise in yours, by their first;
    `origin` is the line in yours, from 0, of each line of `text`.
    """

    text: bytes
    places: Mapping[int, _Place]
    origin: tuple[int, ...]

    def put_back(self, hunks: Iterable[Hunk]) -> tuple[Hunk, ...]:
        """The hunks of a merge of `text` as those of yours: what the merge left is as it was."""
        pieces = list(_line_by_line(hunks))
        out: list[Hunk] = []
        at = 0
        while at < len(pieces):
            start, hunk = pieces[at]
            place = self.places.get(start)
            whole = pieces[at : at + place.end - place.start] if place else []
            if place and _is_all_left(place, whole):
                out.append(_as_in_yours(place, [one for _, one in whole]))
                at += len(whole)
            else:
                line = self.origin[start] if start < len(self.origin) else hunk.line - 1
                yours = hunk.yours if hunk.merged is not None else self._yours(start, hunk.yours)
                out.append(replace(hunk, line=line + 1, yours=yours))
                at += 1
        return tuple(out)

    def _yours(self, start: int, lines: Lines) -> Lines:
        """Lines of `text` as they are in yours, but for places that go beyond them."""
        out: list[bytes] = []
        at = start
        while at < start + len(lines):
            place = self.places.get(at)
            if place and place.end <= start + len(lines):
                out += place.lines
                at = place.end
            else:
                out.append(lines[at - start])
                at += 1
        return tuple(out)


def _line_by_line(hunks: Iterable[Hunk]) -> Iterator[tuple[int, Hunk]]:
    """Hunks with their first line, from 0; those that leave yours as it is, line by line."""
    start = 0
    for hunk in hunks:
        if hunk.merged == hunk.yours and hunk.yours:
            first, *others = ((line,) for line in hunk.yours)
            yield start, replace(hunk, yours=first, merged=first)
            for number, line in enumerate(others, start + 1):
                yield number, Hunk(number + 1, (), line, (), line)
        else:
            yield start, hunk
        start += len(hunk.yours)


def _is_all_left(place: _Place, pieces: Sequence[tuple[int, Hunk]]) -> bool:
    return [start for start, _ in pieces] == list(range(place.start, place.end)) and all(
        hunk.yours and hunk.merged == hunk.yours for _, hunk in pieces
    )


def _as_in_yours(place: _Place, hunks: Sequence[Hunk]) -> Hunk:
    base, target = (
        tuple(line for side in sides for line in side)
        for sides in ([one.base for one in hunks], [one.target for one in hunks])
    )
    return Hunk(place.line + 1, base, place.lines, target, place.lines)


def unformatted(base: bytes, yours: bytes) -> Unformatted | None:
    """Yours with the layout of base where the code is the same; None where nothing is to be undone.

    None, too, where one of the two is no Python.
    """
    try:
        before, now = (statements(with_eol(text, b"\n").decode()) for text in (base, yours))
    except UNREADABLE:
        return None
    draft = _Draft(split(with_eol(base, eol_of(yours))), split(yours))
    for old, mine in _pairs(before, now):
        draft.lay_out(old, mine)
    draft.keep_up_to(len(draft.yours))
    text = b"".join(draft.lines)
    if not draft.places or not same_code(text, yours):
        return None
    return Unformatted(text, draft.places, tuple(draft.origin))


@dataclass(slots=True)
class _Draft:
    """An `Unformatted` in the making; `at` is the first line of yours that is still to come."""

    base: Lines
    yours: Lines
    lines: list[bytes] = field(default_factory=list)
    places: dict[int, _Place] = field(default_factory=dict)
    origin: list[int] = field(default_factory=list)
    at: int = 0

    def keep_up_to(self, end: int) -> None:
        self.lines += self.yours[self.at : end]
        self.origin += range(self.at, end)
        self.at = end

    def lay_out(self, old: range, mine: range) -> None:
        """Put lines of base in the place of lines of yours."""
        theirs, ours = self.base[old.start : old.stop], self.yours[mine.start : mine.stop]
        if [bare(line) for line in theirs] == [bare(line) for line in ours]:
            return
        self.keep_up_to(mine.start)
        start = len(self.lines)
        self.places[start] = _Place(start, start + len(old), mine.start, ours)
        self.lines += theirs
        self.origin += [mine.start] * len(old)
        self.at = mine.stop


def _pairs(old: Sequence[Statement], mine: Sequence[Statement]) -> Iterator[tuple[range, range]]:
    """Lines of two modules that say the same, in order."""
    same = matches([one.key for one in old], [one.key for one in mine])
    for gap, other_gap in _gaps(same, len(old), len(mine)):
        yield from _pairs_of_meaning(
            old[gap.start : gap.stop], mine[other_gap.start : other_gap.stop]
        )
        if gap.stop < len(old):
            yield from _pairs_of_words(old[gap.stop].words, mine[other_gap.stop].words)


def _pairs_of_meaning(
    old: Sequence[Statement], mine: Sequence[Statement]
) -> Iterator[tuple[range, range]]:
    if not (old and mine):
        return
    same = matches([x.meaning or x.key for x in old], [x.meaning or x.key for x in mine])
    for gap, other_gap in _gaps(same, len(old), len(mine)):
        yield from _pairs_of_words(
            _all_words(old[gap.start : gap.stop]),
            _all_words(mine[other_gap.start : other_gap.stop]),
        )
        if gap.stop < len(old):
            one, other = old[gap.stop], mine[other_gap.stop]
            yield range(one.first, one.end), range(other.first, other.end)


def _gaps(same: Mapping[int, int], one: int, other: int) -> Iterator[tuple[range, range]]:
    """What stands between the pairs, before the first and after the last; empty ones too."""
    ends = [(-1, -1), *sorted(same.items()), (one, other)]
    for (low, start), (high, end) in pairwise(ends):
        yield range(low + 1, high), range(start + 1, end)


def _all_words(several: Iterable[Statement]) -> tuple[Word, ...]:
    """The words of statements, the first of each with its indentation."""
    return tuple(
        replace(word, key=f"{one.indent}|{word.key}") if i == 0 else word
        for one in several
        for i, word in enumerate(one.words)
    )


def _pairs_of_words(old: Sequence[Word], mine: Sequence[Word]) -> Iterator[tuple[range, range]]:
    """Lines of the same words, each pair as short as both layouts allow."""
    same = sorted(matches([x.key for x in old], [x.key for x in mine]).items())
    start: tuple[int, int] | None = None
    for at, (i, j) in enumerate(same):
        if _begins_line(old, i) and _begins_line(mine, j):
            start = start or (i, j)
        goes_on = same[at + 1 : at + 2] == [(i + 1, j + 1)]
        ends = _ends_line(old, i) and _ends_line(mine, j) and old[i].comma == mine[j].comma
        if start and ends:
            first, other_first = old[start[0]].first, mine[start[1]].first
            yield range(first, old[i].last + 1), range(other_first, mine[j].last + 1)
        if ends or not goes_on:
            start = None


def _begins_line(words: Sequence[Word], at: int) -> bool:
    return at == 0 or words[at - 1].last < words[at].first


def _ends_line(words: Sequence[Word], at: int) -> bool:
    return at + 1 == len(words) or words[at].last < words[at + 1].first
