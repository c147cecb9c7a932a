"""Three-way merge of one file's content, by what kind of file it is."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from fastapi_forge.merging import dependencies, envfile
from fastapi_forge.merging.formatting import unformatted
from fastapi_forge.merging.layout import same_code
from fastapi_forge.merging.lists import settle_lists
from fastapi_forge.merging.pins import has_pins, with_pins_of
from fastapi_forge.merging.prose import is_prose, merge_prose
from fastapi_forge.merging.structured import (
    binding_lines,
    complaint,
    doubled_key,
    lost_names,
    rival_names,
)
from fastapi_forge.merging.textmerge import (
    Hunk,
    Settle,
    is_binary,
    join,
    merge_text,
    split,
    with_eol,
)
from fastapi_forge.plan import Conflict, Left

OTHER_NAME = "give yours another name and run again, or with --conflicts=inline settle it by hand"
SETTLE = "edit yours so that only one side differs, or run again with --conflicts=inline"


@dataclass(frozen=True, slots=True)
class MergedContent:
    """`content` has diff3 marks where there are conflicts; None where marks can't be written."""

    content: bytes | None
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge_content(
    path: str, base: bytes, yours: bytes, target: bytes, *, is_list: bool = False
) -> MergedContent:
    """Merge what both sides changed; `path` is that of yours and tells the kind of file.

    `is_list`: whether it is a list that features and users lengthen.
    """
    if any(map(is_binary, (base, yours, target))):
        conflict = Conflict(path, None, "both sides changed a binary file", SETTLE, left=Left.KEPT)
        return MergedContent(None, (conflict,))
    if is_prose(path):
        return _merge_prose(path, base, yours, target)
    if has_pins(path):
        base, target = (with_pins_of(yours, base, text) for text in (base, target))
    notices: tuple[str, ...] = ()
    name = PurePosixPath(path).name
    if name == "pyproject.toml":
        aligned = dependencies.align(base, yours, target)
        base, yours, target = aligned.base, aligned.yours, aligned.target
        notices = aligned.notices
    if name == ".env.example":
        target = envfile.without_doubles(base, yours, target)
    hunks = _checked(path, _hunks(path, base, yours, target, is_list), base, yours, target)
    if name == ".env.example":
        env = _merge_env(base, yours, target)
        by_lines = None if _open(hunks) else join(hunks, yours)
        if env is not None and not (by_lines and envfile.same_lines(env, by_lines)):
            return MergedContent(env)
    conflicts = tuple(_conflict(path, hunk) for hunk in _open(hunks))
    return MergedContent(join(hunks, yours), conflicts, notices)


def _merge_prose(path: str, base: bytes, yours: bytes, target: bytes) -> MergedContent:
    merged = merge_prose(base, yours, target)
    conflicts = tuple(_conflict(path, hunk) for hunk in _open(merged.hunks))
    notices: tuple[str, ...] = ()
    if merged.left_out:
        *others, last = merged.left_out
        named = f"{', '.join(others)} and {last}" if others else last
        notices = (
            f"`{path}` stays without {named}: what that would stand beside is gone from it; "
            f"after the run `forge diff {path}` shows it",
        )
    return MergedContent(join(merged.hunks, yours), conflicts, notices)


def _merge_env(base: bytes, yours: bytes, target: bytes) -> bytes | None:
    crlf = b"\r\n" in yours
    merged = envfile.merge_lines(*(with_eol(side, b"\n") for side in (base, yours, target)))
    return with_eol(merged, b"\r\n") if merged is not None and crlf else merged


def _hunks(path: str, base: bytes, yours: bytes, target: bytes, is_list: bool) -> tuple[Hunk, ...]:
    plain = merge_text(base, yours, target)
    if not _open(plain):
        return plain
    settle: Settle = partial(settle_lists, path, target, is_list=is_list)
    settled = merge_text(base, yours, target, settle)
    if path.endswith(".py"):
        without = _without_layout(base, yours, target, settle) or settled
        settled = min(without, settled, key=lambda hunks: len(_open(hunks)))
    if not _open(settled) and complaint(path, join(settled, yours)) and not complaint(path, yours):
        return plain
    return settled


def _without_layout(
    base: bytes, yours: bytes, target: bytes, settle: Settle
) -> tuple[Hunk, ...] | None:
    """A merge in which a formatter's work is no edit; None where yours has none of it."""
    mine = unformatted(base, yours)
    if mine is None:
        return None
    merged = merge_text(base, mine.text, target, settle)
    restored = mine.put_back(merged)
    if _open(merged) or same_code(join(merged, yours), join(restored, yours)):
        return restored
    return merged


def _open(hunks: Iterable[Hunk]) -> tuple[Hunk, ...]:
    return tuple(hunk for hunk in hunks if hunk.merged is None)


def _checked(
    path: str, hunks: tuple[Hunk, ...], base: bytes, yours: bytes, target: bytes
) -> tuple[Hunk, ...]:
    """The hunks, with a conflict more where the merged file would be broken though yours is not."""
    if complaint(path, yours) is not None:
        return hunks
    merged = join([_as_yours(hunk) for hunk in hunks], yours)
    contested = _rivalry(path, hunks, yours, target, merged)
    if contested or _open(hunks):
        return contested or hunks
    if complaint(path, merged) is not None:
        return (Hunk(1, split(base), split(yours), split(target), None),)
    lost = lost_names(base, target, merged) if path.endswith(".py") else ()
    return tuple(_contested(hunks, binding_lines(base, lost))) if lost else hunks


def _rivalry(
    path: str, hunks: tuple[Hunk, ...], yours: bytes, target: bytes, merged: bytes
) -> tuple[Hunk, ...]:
    """The hunks, those in conflict where target brings a name that yours has too; or none."""
    if key := doubled_key(path, merged):
        told = f"both sides have the key `{key}`"
        bearing = re.compile(rb"\s*[\"']?%b[\"']?:" % re.escape(key.encode()))
    elif path.endswith(".py") and (rivals := sorted(rival_names(yours, target, merged))):
        told = f"both sides bind `{rivals[0]}`"
        bearing = re.compile(rb".*\b%b\b" % rivals[0].encode())
    else:
        return ()

    def brings(hunk: Hunk) -> bool:
        new = [line for line in hunk.target if line not in hunk.base]
        return hunk.merged != hunk.yours and any(map(bearing.match, new))

    apart = tuple(replace(one, merged=None, reason=told) if brings(one) else one for one in hunks)
    return apart if any(map(brings, hunks)) else ()


def _as_yours(hunk: Hunk) -> Hunk:
    return replace(hunk, merged=hunk.yours) if hunk.merged is None else hunk


def _contested(hunks: Iterable[Hunk], bindings: Collection[int]) -> Iterator[Hunk]:
    """The hunks, those in conflict where target drops one of these lines of base (from 1)."""
    at = 1
    for hunk in hunks:
        lines = range(at, at + len(hunk.base))
        dropped = hunk.merged != hunk.yours and any(number in bindings for number in lines)
        yield replace(hunk, merged=None) if dropped else hunk
        at += len(hunk.base)


def _conflict(path: str, hunk: Hunk) -> Conflict:
    base, yours, target = (
        b"".join(side).decode("utf-8", "replace") for side in (hunk.base, hunk.yours, hunk.target)
    )
    reason, advice = "both sides changed these lines", SETTLE
    if hunk.reason:
        reason, advice = hunk.reason, OTHER_NAME
    elif hunk.base == hunk.yours:
        reason = "forge drops a name that your lines still use"
    elif not hunk.base:
        reason = "both sides added lines here"
    return Conflict(path, hunk.line, reason, advice, base, yours, target, Left.MARKED)
