"""`.env.example`, merged as a set of lines."""

import re
from collections import Counter

from fastapi_forge.merging.textmerge import bare, split

_ASSIGNMENT = re.compile(rb"^(?:export\s+)?([A-Za-z_]\w*)\s*=")


def key_of(line: bytes) -> bytes | None:
    """The variable that a line sets; None for a comment or a blank line."""
    found = _ASSIGNMENT.match(line)
    return found[1] if found else None


def without_doubles(base: bytes, yours: bytes, target: bytes) -> bytes:
    """Target less what it would set anew although the user already sets it."""
    known = {key_of(line) for line in split(base)}
    mine = {key_of(line) for line in split(yours)} - known - {None}
    return b"".join(line for line in split(target) if key_of(line) not in mine)


def merge_lines(base: bytes, yours: bytes, target: bytes) -> bytes | None:
    """Drop from yours what target drops and insert what it adds, after the line it follows there.

    None where both sides changed one variable.
    """
    old, new = _counts(base), _counts(target)
    dropped, added = old - new, new - old
    lines = list(split(yours))
    changed = {key_of(line) for line in dropped} & {key_of(line) for line in added} - {None}
    here = _counts(yours)
    if any(key_of(line) in changed and not here[line] for line in dropped):
        return None
    places: dict[bytes, int] = {}
    for text in dropped:
        at = next((i for i, line in enumerate(lines) if bare(line) == text), None)
        if at is not None:
            key = key_of(text)
            if key in changed and key is not None:
                lines[at] = next(x for x in added if key_of(x) == key) + b"\n"
                places[key] = at
            else:
                del lines[at]
    previous: list[bytes] = []
    for line in split(target):
        text = bare(line)
        if added[text] and key_of(text) not in places:
            lines.insert(_after(lines, previous), text + b"\n")
        previous.append(text)
    return b"".join(lines)


def same_lines(one: bytes, other: bytes) -> bool:
    """Whether two texts have the same lines, in whatever order, blank ones aside."""
    return _counts(one) == _counts(other)


def _counts(content: bytes) -> Counter[bytes]:
    return Counter(text for line in split(content) if (text := bare(line)).strip())


def _after(lines: list[bytes], previous: list[bytes]) -> int:
    """The place after the nearest earlier line of target that yours has too."""
    texts = [bare(line) for line in lines]
    for text in reversed(previous):
        if text and text in texts:
            return texts.index(text) + 1
    return 0
