"""The distributions that a `pyproject.toml` declares, by their normalised names."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
UNREADABLE = (ValueError, RecursionError)
"""What reading a `pyproject.toml` that is no TOML, or no text, raises."""


def declared_to_run(pyproject: bytes) -> frozenset[str]:
    """What the project needs to run. Raises UNREADABLE."""
    return frozenset(_names(_at(tomllib.loads(pyproject.decode()), "project", "dependencies")))


def declared_anywhere(pyproject: bytes) -> frozenset[str]:
    """What it needs to run, and what is in its groups and its extras. Raises UNREADABLE."""
    document = tomllib.loads(pyproject.decode())
    found = {*_names(_at(document, "project", "dependencies"))}
    for table in (("dependency-groups",), ("project", "optional-dependencies")):
        groups = _at(document, *table)
        for group in groups.values() if isinstance(groups, dict) else ():
            found.update(_names(group))
    return frozenset(found)


def _at(document: Any, *keys: str) -> Any:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _names(listed: Any) -> Iterator[str]:
    for text in listed if isinstance(listed, list) else ():
        if isinstance(text, str) and (match := _NAME.match(text.strip())):
            yield re.sub(r"[-_.]+", "-", match[0]).lower()
