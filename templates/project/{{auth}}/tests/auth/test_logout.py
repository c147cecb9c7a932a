"""The end of sessions."""

import pytest
from httpx2 import AsyncClient, Response

from tests.auth.sessions import cookie_of, is_signed_in, post, refresh, start


def clears_cookie(answer: Response) -> bool:
    sent = answer.headers.get("Set-Cookie", "")
    return sent.startswith('refresh_token=""') and "Max-Age=0; Path=/auth" in sent


async def test_logout(anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)
    _, other = await start(anonymous)

    answer = await post(anonymous, "/auth/logout", cookie)

    assert answer.status_code == 204
    assert clears_cookie(answer)
    assert (await refresh(anonymous, cookie)).status_code == 401
    assert not await is_signed_in(anonymous, access)
    assert await is_signed_in(anonymous, other)


async def test_logout_with_the_newest_token(anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)
    newest = cookie_of(await refresh(anonymous, cookie))

    await post(anonymous, "/auth/logout", newest)

    assert (await refresh(anonymous, newest)).status_code == 401


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/logout-all"])
@pytest.mark.parametrize("cookie", [None, "", "nonsense"])
async def test_logout_without_a_session(
    anonymous: AsyncClient, path: str, cookie: str | None
) -> None:
    answer = await post(anonymous, path, cookie)

    assert answer.status_code == 204
    assert clears_cookie(answer)


async def test_logout_all(anonymous: AsyncClient) -> None:
    one, first = await start(anonymous)
    two, second = await start(anonymous)
    stranger, _ = await start(anonymous, "stranger@example.com")

    answer = await post(anonymous, "/auth/logout-all", one)

    assert answer.status_code == 204
    assert clears_cookie(answer)
    for cookie in (one, two):
        assert (await refresh(anonymous, cookie)).status_code == 401
    for access in (first, second):
        assert not await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, stranger)).status_code == 200
