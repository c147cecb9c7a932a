"""The version of the API as a label."""

from starlette.datastructures import Headers
from starlette.types import Message


def version_of(route: str, answer: Message) -> str:
    """Return the number of the version that answered, else nothing."""
    return Headers(raw=answer["headers"]).get("X-API-Version", "")
