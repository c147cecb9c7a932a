"""The end of families and of their tokens by age."""

from datetime import timedelta

import pytest
from httpx2 import AsyncClient

from app.auth import families, grants
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


@pytest.mark.usefixtures("a_month_later")
async def test_family_expires(anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)

    assert (await refresh(anonymous, cookie)).status_code == 401
    assert not await is_signed_in(anonymous, access)


def test_lives() -> None:
    assert timedelta(days=7) == grants.TOKEN_LIFE
    assert timedelta(days=30) == grants.FAMILY_LIFE
