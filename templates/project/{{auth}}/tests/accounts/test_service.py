"""Accounts in the transactions of those who make them."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy.exc import IntegrityError

from app.accounts.service import Users
from tests.auth.people import EDITOR, PASSWORD, log_in, transaction


async def test_known_address_undoes_nothing(
    app: FastAPI, anonymous: AsyncClient
) -> None:
    async with transaction(app, anonymous) as session:
        users = Users(session, app.state.passwords)
        assert await users.create(EDITOR, PASSWORD)
        assert await users.create(EDITOR, "another password") is None

    assert (await log_in(anonymous)).status_code == 200


async def test_account_goes_with_its_transaction(
    app: FastAPI, anonymous: AsyncClient
) -> None:
    async with transaction(app, anonymous) as session:
        await Users(session, app.state.passwords).create(EDITOR, PASSWORD)
        await session.rollback()

    assert (await log_in(anonymous)).status_code == 401


async def test_only_a_known_address_is_one(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_hash(password: str) -> None:
        pass

    monkeypatch.setattr(app.state.passwords, "hash", no_hash)

    with pytest.raises(IntegrityError):
        async with transaction(app, anonymous) as session:
            await Users(session, app.state.passwords).create(EDITOR, PASSWORD)
