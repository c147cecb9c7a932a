"""Entity tags made of a row's version, and preconditions that name them (RFC 9110)."""

import re
from collections.abc import Iterable
from typing import Annotated

from fastapi import Header
from pydantic import WithJsonSchema

TAG = re.compile('"([^"]*)"')
MAX_TAGS = 100
MAX_VERSION = 2**31 - 1


def no_tags() -> list[str]:
    """Return the default; pydantic reads a factory's signature, and list's is slow."""
    return []


# A header may come in several lines; to those who read the document it is one text.
Lines = Annotated[list[str], WithJsonSchema({"type": "string"})]
IfMatch = Annotated[Lines, Header(alias="If-Match", default_factory=no_tags)]
IfNoneMatch = Annotated[Lines, Header(alias="If-None-Match", default_factory=no_tags)]


def etag(version: int, variant: str = "") -> str:
    """Make the strong tag of a row's version; `variant` tells representations apart."""
    return f'"{variant}{version}"'


def opaque_tags(lines: Iterable[str]) -> list[str]:
    """Return what stands between the quotes of each tag.

    Weak forms count too: a proxy that compresses makes them of ours.
    """
    return TAG.findall(", ".join(lines))


def named_versions(lines: list[str], variant: str = "") -> frozenset[int] | None:
    """Return the versions that If-Match names, None when any will do.

    Of its tags the first hundred count.
    """
    if not lines or "*" in (line.strip() for line in lines):
        return None
    ours = re.compile(re.escape(variant) + "([0-9]{1,10})")
    named = map(ours.fullmatch, opaque_tags(lines)[:MAX_TAGS])
    versions = (int(match[1]) for match in named if match)
    return frozenset(version for version in versions if version <= MAX_VERSION)


def is_known(tag: str, lines: list[str]) -> bool:
    """Tell whether If-None-Match names a tag: the caller has this representation."""
    any_will_do = "*" in (line.strip() for line in lines)
    return any_will_do or tag.strip('"') in opaque_tags(lines)
