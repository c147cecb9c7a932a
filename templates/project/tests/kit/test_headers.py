from unittest.mock import AsyncMock

import pytest
from httpx2 import AsyncClient

from app.kit.headers import MAX_SIZE, HeadersMiddleware


async def passed(kind: str, name: bytes, value: bytes) -> object:
    """Return a header as the routes see it."""
    routes = AsyncMock()
    scope = {"type": kind, "headers": [(name, value)]}
    await HeadersMiddleware(routes)(scope, AsyncMock(), AsyncMock())
    return routes.call_args and routes.call_args.args[0]["headers"][0][1]


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_cookies_with_backslashes_are_dropped(kind: str) -> None:
    cookies = b'a=1; b="' + b"\\" * 30_000 + b'"; c="3"'

    assert await passed(kind, b"cookie", cookies) == b'a=1; c="3"'


async def test_longest_header() -> None:
    longest = b"x" * (MAX_SIZE - 1)

    assert await passed("http", b"x", longest) == longest
    assert not await passed("websocket", b"x", longest + b"x")


async def test_longer_headers_are_refused(things: AsyncClient) -> None:
    answer = await things.get("/things/1", headers={"X": "x" * MAX_SIZE})

    assert answer.json()["status"] == answer.status_code == 431
