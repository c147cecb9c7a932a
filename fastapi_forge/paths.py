"""Which paths forge may write in a project, and what is in their place."""

import re
import stat
from pathlib import Path

_RESERVED = frozenset({".git", ".forge"})
_LONGEST = 4096
_DEEPEST = 64
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


def is_safe(path: str) -> bool:
    """Whether a path is relative, stays inside, is not git's or forge's own, and suits Windows.

    One that is longer or deeper than systems take is not safe either.
    """
    parts = path.split("/")
    return not (
        _FORBIDDEN.search(path)
        or not path.isprintable()
        or len(path.encode()) > _LONGEST
        or len(parts) > _DEEPEST
        or {"", ".", ".."} & set(parts)
        or _RESERVED & {part.lower().rstrip(". ") for part in parts}
    )


def leads_inside(root: Path, folder: Path) -> bool:
    """Whether a folder, links followed, is in the project and not in what is git's or forge's."""
    try:
        parts = folder.resolve().relative_to(root.resolve()).parts
    except (OSError, RuntimeError, ValueError):
        return False
    return not _RESERVED & {part.lower() for part in parts}


def kind_of(mode: int) -> str:
    """What a mode is that of, in words."""
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISREG, "a file"),
    )
    return next((word for is_kind, word in kinds if is_kind(mode)), "a device")
