"""The end of families and of their tokens by age."""

from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from httpx2 import AsyncClient

from app.auth import families, grants
from app.db.types import utc_now
from tests.auth.sessions import is_signed_in, refresh, start


@pytest.fixture
def a_week_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let refresh tokens live for no time."""
    monkeypatch.setattr(families, "TOKEN_LIFE", timedelta())


@pytest.fixture
def a_month_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let families live for no time."""
    monkeypatch.setattr(families, "FAMILY_LIFE", timedelta())


@pytest.mark.usefixtures("a_week_later")
async def test_token_expires(anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)

    assert (await refresh(anonymous, cookie)).status_code == 401
    assert await is_signed_in(anonymous, access)


@pytest.mark.usefixtures("a_week_later")
async def test_expired_token_is_no_reuse(anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)

    for _ in range(2):
        assert (await refresh(anonymous, cookie)).status_code == 401
    assert await is_signed_in(anonymous, access)


async def test_reuse_of_a_token_that_has_expired_since(
    anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, access = await start(anonymous)
    await refresh(anonymous, first)

    def eight_days_later() -> datetime:
        return utc_now() + timedelta(days=8)

    monkeypatch.setattr(families, "utc_now", eight_days_later)
    assert await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, first)).status_code == 401
    assert not await is_signed_in(anonymous, access)


async def test_family_outlives_no_refresh(
    anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "FAMILY_LIFE", timedelta(days=1))
    first, _ = await start(anonymous)

    answer = await refresh(anonymous, first)

    cookie = SimpleCookie(answer.headers["Set-Cookie"])["refresh_token"]
    assert int(cookie["max-age"]) <= 24 * 3600


@pytest.mark.usefixtures("a_month_later")
async def test_family_expires(anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)

    assert (await refresh(anonymous, cookie)).status_code == 401
    assert not await is_signed_in(anonymous, access)


def test_lives() -> None:
    assert timedelta(days=7) == grants.TOKEN_LIFE
    assert timedelta(days=30) == grants.FAMILY_LIFE
