"""Names of tenants, as they stand in host names."""

import re
from collections.abc import Collection

SLUG = re.compile(r"(?=.{2,40}\Z)[a-z0-9](-?[a-z0-9])*")
RESERVED = frozenset(
    [
        "admin",
        "api",
        "app",
        "auth",
        "default",
        "mail",
        "public",
        "static",
        "www",
    ]
)


def is_slug(text: str) -> bool:
    """Tell whether a text can be a tenant's name at all."""
    return SLUG.fullmatch(text) is not None


def check_new_slug(text: str, reserved: Collection[str] = ()) -> None:
    """Raise ValueError where a new tenant can't have this name."""
    if not is_slug(text):
        raise ValueError(
            "A slug has 2 to 40 of a-z and 0-9, with single hyphens between them"
        )
    if text in RESERVED or text in reserved:
        raise ValueError(f"The slug {text} is reserved")
