"""Where generated files went that are no longer at their place."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastapi_forge.merging.textmerge import bare, is_binary, split
from fastapi_forge.tree import File, Tree

SIMILAR = 0.5
TELLING = 3
_SAME_FORMAT = {".yml": ".yaml"}


@dataclass(frozen=True, slots=True)
class MovedFolder:
    """A folder whose generated files have all left it; `to` is where most went, None if nowhere."""

    path: str
    to: str | None


def find_renames(base: Tree, yours: Tree, target: Tree) -> dict[str, str]:
    """Generated path → the path in yours that it was renamed to.

    A candidate is in neither base nor target, has a suffix of the same format and at least half of
    its lines in common. Empty files are none: they are all alike.
    """
    gone = [path for path in base if path not in yours and base[path].content.strip()]
    free = [path for path in yours if path not in base and path not in target]
    found = _equal(gone, free, base, yours)
    gone = [path for path in gone if path not in found]
    free = [path for path in free if path not in found.values()]
    return found | _similar(gone, free, base, yours)


def _equal(gone: list[str], free: list[str], base: Tree, yours: Tree) -> dict[str, str]:
    places: dict[tuple[bytes, str], list[str]] = {}
    for path in free:
        places.setdefault((yours[path].content, format_of(path)), []).append(path)
    found: dict[str, str] = {}
    for old in gone:
        news = places.get((base[old].content, format_of(old)))
        if news:
            found[old] = min(news, key=lambda new: (not _same_name(old, new), new))
            news.remove(found[old])
    return found


def _similar(gone: list[str], free: list[str], base: Tree, yours: Tree) -> dict[str, str]:
    counts = {path: _line_counts(yours[path].content) for path in free} if gone else {}
    scores = []
    for old in gone:
        lines = _line_counts(base[old].content)
        for new in free:
            score = _similarity(lines, counts[new]) if format_of(old) == format_of(new) else 0
            if score >= SIMILAR:
                scores.append((-score, not _same_name(old, new), old, new))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, old, new in sorted(scores):
        if old not in found and new not in taken:
            found[old] = new
            taken.add(new)
    return found


def format_of(path: str) -> str:
    """What a file's suffix says of its content: one word for all suffixes of one format."""
    suffix = os.path.splitext(path)[1]  # noqa: PTH122 (ten times as quick)
    return _SAME_FORMAT.get(suffix, suffix)


def _same_name(one: str, other: str) -> bool:
    return PurePosixPath(one).name == PurePosixPath(other).name


def _line_counts(content: bytes) -> Counter[bytes]:
    """The lines of a text, blank ones aside; none for a binary file."""
    if is_binary(content):
        return Counter()
    return Counter(text for line in split(content) if (text := bare(line).strip()))


def _similarity(lines: Counter[bytes], others: Counter[bytes]) -> float:
    """The share of lines that two files have in common."""
    total = lines.total() + others.total()
    return 2 * (lines & others).total() / total if total else 0.0


def moved_to(base: Tree, yours: Tree, renames: Mapping[str, str]) -> dict[str, str]:
    """Generated path → where it went: a file; or, for an empty one, the place of its folder."""
    empty = (path for path in base if path not in yours and not base[path].content.strip())
    folders = ((path, moved_folder(path, base, yours, renames)) for path in empty)
    return {**renames, **{path: f"{one.to}/" for path, one in folders if one and one.to}}


def is_telling(content: bytes) -> bool:
    """Whether a file that is like this one can be no other: short ones may be alike by chance."""
    return _line_counts(content).total() >= TELLING


def moved_folder(
    path: str, base: Iterable[str], yours: Mapping[str, File], renames: Mapping[str, str]
) -> MovedFolder | None:
    """The nearest folder around a path that base had files in, if none of them is left there."""
    generated = list(base)
    folder = PurePosixPath(path).parent
    while folder.parts:
        inside = [old for old in generated if old.startswith(f"{folder}/")]
        if inside:
            if any(old in yours for old in inside):
                return None
            return MovedFolder(folder.as_posix(), _destination(folder, inside, renames))
        folder = folder.parent
    return None


def _destination(
    folder: PurePosixPath, inside: list[str], renames: Mapping[str, str]
) -> str | None:
    """The folder most files went to, less the part of the path that they kept."""
    places: Counter[str] = Counter()
    for old in inside:
        if old in renames:
            kept = PurePosixPath(old).relative_to(folder).parent.parts
            new = PurePosixPath(renames[old]).parent
            while kept and new.parts and kept[-1] == new.name:
                kept, new = kept[:-1], new.parent
            places[new.as_posix()] += 1
    return min(places, key=lambda place: (-places[place], place)) if places else None
