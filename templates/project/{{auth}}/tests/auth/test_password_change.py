"""The change of a password."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from app.accounts.passwords import Passwords
from tests.auth.people import EDITOR, PASSWORD, log_in
from tests.auth.sessions import is_signed_in, refresh, start

NEW = "another long password"


async def change(
    anonymous: AsyncClient, access: str, current: str = PASSWORD, new: str = NEW
) -> Response:
    return await anonymous.post(
        "/auth/password",
        json={"current_password": current, "new_password": new},
        headers={"Authorization": f"Bearer {access}"},
    )


async def test_change(anonymous: AsyncClient) -> None:
    mine, access = await start(anonymous)
    other, elsewhere = await start(anonymous)

    answer = await change(anonymous, access)

    assert answer.status_code == 204
    assert (await log_in(anonymous)).status_code == 401
    assert (await log_in(anonymous, password=NEW)).status_code == 200
    assert not await is_signed_in(anonymous, elsewhere)
    assert (await refresh(anonymous, other)).status_code == 401
    assert await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, mine)).status_code == 200


async def test_wrong_current_password_counts_as_a_failed_login(
    anonymous: AsyncClient,
) -> None:
    _, access = await start(anonymous)

    for _ in range(5):
        assert (await change(anonymous, access, "wrong password")).status_code == 403
    assert (await change(anonymous, access)).status_code == 429
    assert (await log_in(anonymous)).status_code == 429


@pytest.mark.parametrize("new", ["Zq7 tooshrt", "Password1234", EDITOR])
async def test_weak_new_password(anonymous: AsyncClient, new: str) -> None:
    _, access = await start(anonymous)

    answer = await change(anonymous, access, new=new)

    assert answer.status_code == 422
    assert new not in answer.text
    assert (await log_in(anonymous)).status_code == 200


async def test_login_that_began_before_the_change(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, access = await start(anonymous)
    passwords: Passwords = app.state.passwords
    genuine = passwords.verify

    async def verify(password: str, stored: str | None) -> str | None:
        """Let the password be changed while the login waits for its hash."""
        monkeypatch.setattr(passwords, "verify", genuine)
        kept = await genuine(password, stored)
        assert (await change(anonymous, access)).status_code == 204
        return kept

    monkeypatch.setattr(passwords, "verify", verify)

    assert (await log_in(anonymous)).status_code == 401
    assert (await log_in(anonymous, password=NEW)).status_code == 200
