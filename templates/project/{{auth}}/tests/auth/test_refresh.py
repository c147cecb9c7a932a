"""Refresh tokens: rotation, reuse, races."""

import asyncio
from collections import Counter
from http.cookies import SimpleCookie

import pytest
from httpx2 import AsyncClient

from tests.auth.people import log_in, register
from tests.auth.sessions import cookie_of, is_signed_in, post, refresh, start


async def test_cookie(anonymous: AsyncClient) -> None:
    await register(anonymous)

    cookie = SimpleCookie((await log_in(anonymous)).headers["Set-Cookie"])
    morsel = cookie["refresh_token"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "strict"
    assert morsel["path"] == "/auth"
    assert morsel["domain"] == ""
    assert not morsel["secure"]
    assert 0 <= 7 * 24 * 3600 - int(morsel["max-age"]) < 60


async def test_refresh(anonymous: AsyncClient) -> None:
    first, access = await start(anonymous)

    answer = await refresh(anonymous, first)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["access_token"] != access
    assert cookie_of(answer) != first
    assert await is_signed_in(anonymous, answer.json()["access_token"])


async def test_cookie_counts_as_it_was_sent(anonymous: AsyncClient) -> None:
    first, _ = await start(anonymous)

    assert (await refresh(anonymous, f'"{first}"')).status_code == 401
    assert (await refresh(anonymous, f"{first}; other={first}x")).status_code == 200


async def test_fewer_scopes_stay_fewer(anonymous: AsyncClient) -> None:
    await register(anonymous)
    first = cookie_of(await log_in(anonymous, scope="items:read"))

    assert (await refresh(anonymous, first)).json()["scope"] == "items:read"


async def test_reuse_ends_the_family(anonymous: AsyncClient) -> None:
    first, access = await start(anonymous)
    newest = cookie_of(await refresh(anonymous, first))

    reused = await refresh(anonymous, first)

    assert reused.status_code == 401
    assert "Set-Cookie" not in reused.headers
    assert (await refresh(anonymous, newest)).status_code == 401
    assert not await is_signed_in(anonymous, access)


async def test_reuse_leaves_other_families(anonymous: AsyncClient) -> None:
    first, _ = await start(anonymous)
    other, access = await start(anonymous)
    await refresh(anonymous, first)
    await refresh(anonymous, first)

    assert await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, other)).status_code == 200


@pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 5_000])
async def test_unknown_token(anonymous: AsyncClient, cookie: str) -> None:
    answer = await refresh(anonymous, cookie)

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_grant"


async def test_no_cookie(anonymous: AsyncClient) -> None:
    assert (await post(anonymous, "/auth/refresh")).status_code == 401


async def test_access_token_is_no_refresh_token(anonymous: AsyncClient) -> None:
    _, access = await start(anonymous)

    assert (await refresh(anonymous, access)).status_code == 401


async def test_refresh_token_is_no_access_token(anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)

    assert not await is_signed_in(anonymous, cookie)


async def test_of_many_at_once_one_wins(anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)

    answers = await asyncio.gather(*(refresh(anonymous, cookie) for _ in range(50)))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 49}
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert (await refresh(anonymous, cookie_of(winner))).status_code == 401


@pytest.fixture
def grace(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_REFRESH_GRACE", "30")


@pytest.mark.usefixtures("grace")
async def test_grace_spares_the_family(anonymous: AsyncClient) -> None:
    first, _ = await start(anonymous)
    second = cookie_of(await refresh(anonymous, first))

    assert (await refresh(anonymous, first)).status_code == 401
    assert (await refresh(anonymous, second)).status_code == 200
