"""Which paths forge may write in a project."""

import re

_RESERVED = frozenset({".git", ".forge"})
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


def is_safe(path: str) -> bool:
    """Whether a path is relative, stays inside, is not git's or forge's own, and suits Windows."""
    parts = path.split("/")
    return not (
        _FORBIDDEN.search(path)
        or not path.isprintable()
        or {"", ".", ".."} & set(parts)
        or _RESERVED & {part.lower().rstrip(". ") for part in parts}
    )
