"""The command line."""

import asyncio
import io
import sys

import pytest
from httpx2 import AsyncClient

from app.auth.__main__ import main
from tests.auth.people import EDITOR, PASSWORD, log_in, register
from tests.auth.sessions import refresh, start


async def run(monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = "") -> object:
    monkeypatch.setattr(sys, "argv", ["auth", *words])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return await asyncio.to_thread(main)


async def test_create_admin(
    anonymous: AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed = f"{PASSWORD}\nanother line\n"

    refusal = await run(monkeypatch, "create-admin", EDITOR.upper(), typed=typed)

    assert refusal is None
    assert PASSWORD not in "".join(capsys.readouterr())
    assert "users:admin" in (await log_in(anonymous)).json()["scope"]


async def test_known_account_stays_as_it_is(
    anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(anonymous)

    refusal = await run(monkeypatch, "create-admin", EDITOR, typed="another password")

    assert refusal == f"{EDITOR} has an account already"
    assert (await log_in(anonymous)).json()["scope"] == "items:read items:write"


@pytest.mark.parametrize(
    ("email", "typed"),
    [("nobody", PASSWORD), (EDITOR, ""), (EDITOR, "short"), (EDITOR, "password1234")],
)
async def test_refused(monkeypatch: pytest.MonkeyPatch, email: str, typed: str) -> None:
    assert await run(monkeypatch, "create-admin", email, typed=typed)


async def test_living_sessions_are_kept(
    anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, _ = await start(anonymous)

    await run(monkeypatch, "delete-expired")

    assert (await refresh(anonymous, cookie)).status_code == 200
