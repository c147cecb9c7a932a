"""What is kept, and that it is deleted when nobody can use it any more."""

import asyncio
import sys
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select

from app.auth import families, limits
from app.auth.__main__ import main
from app.auth.models import LoginFailure, RefreshFamily, RefreshToken
from app.db.types import utc_now
from tests.auth.people import log_in, transaction
from tests.auth.sessions import start


def an_hour_later() -> datetime:
    return utc_now() + timedelta(hours=1)


async def number_of(
    kind: type[RefreshFamily | LoginFailure], app: FastAPI, anonymous: AsyncClient
) -> int:
    async with transaction(app, anonymous) as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


async def test_tokens_are_kept_as_hashes(app: FastAPI, anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)

    async with transaction(app, anonymous) as session:
        [kept] = await session.scalars(select(RefreshToken.hash))
    assert cookie not in kept


@pytest.fixture
async def ended(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that has ended by its age."""
    with monkeypatch.context() as short_lived:
        short_lived.setattr(families, "FAMILY_LIFE", timedelta())
        await start(anonymous)
    assert await number_of(RefreshFamily, app, anonymous) == 1


@pytest.mark.usefixtures("ended")
async def test_login_forgets_ended_sessions(
    app: FastAPI, anonymous: AsyncClient
) -> None:
    await log_in(anonymous)

    assert await number_of(RefreshFamily, app, anonymous) == 1


@pytest.mark.usefixtures("ended")
async def test_command_forgets_ended_sessions(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["auth", "delete-expired"])

    await asyncio.to_thread(main)

    assert await number_of(RefreshFamily, app, anonymous) == 0


async def test_failure_forgets_those_that_count_no_more(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log_in(anonymous)
    kept = await number_of(LoginFailure, app, anonymous)
    monkeypatch.setattr(limits, "utc_now", an_hour_later)

    await log_in(anonymous)

    assert await number_of(LoginFailure, app, anonymous) == kept > 0
