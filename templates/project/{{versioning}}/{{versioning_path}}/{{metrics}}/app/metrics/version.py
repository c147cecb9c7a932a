"""The version of the API as a label."""

from starlette.types import Message

from app.versioning.selection import PREFIX


def version_of(route: str, answer: Message) -> str:
    """Return the number of the version that a route belongs to, else nothing."""
    match = PREFIX.match(route)
    return match[1] if match else ""
