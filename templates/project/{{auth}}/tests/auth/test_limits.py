"""The limit on failed logins."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.auth import limits
from app.auth.attempts import network_of
from app.db.types import utc_now
from tests.auth.people import EDITOR, log_in, register


@pytest.fixture
async def user(anonymous: AsyncClient) -> None:
    await register(anonymous)


async def fail(anonymous: AsyncClient, times: int, email: str = EDITOR) -> list[int]:
    return [
        (await log_in(anonymous, email, f"wrong password {n}")).status_code
        for n in range(times)
    ]


@pytest.mark.usefixtures("user")
async def test_right_password_comes_too_late(anonymous: AsyncClient) -> None:
    assert await fail(anonymous, 5) == [401] * 5

    answer = await log_in(anonymous)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


@pytest.mark.usefixtures("user")
async def test_too_late_a_try_is_not_hashed(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fail(anonymous, 5)
    monkeypatch.setattr(app.state.passwords, "hasher", None)

    assert (await log_in(anonymous)).status_code == 429


@pytest.mark.usefixtures("user")
async def test_four_failures_are_forgiven(anonymous: AsyncClient) -> None:
    await fail(anonymous, 4)

    assert (await log_in(anonymous)).status_code == 200


@pytest.mark.usefixtures("user")
async def test_successes_are_not_counted(anonymous: AsyncClient) -> None:
    assert {(await log_in(anonymous)).status_code for _ in range(7)} == {200}


@pytest.mark.usefixtures("user")
async def test_unknown_accounts_are_limited_alike(anonymous: AsyncClient) -> None:
    assert await fail(anonymous, 6, "nobody@example.com") == [401] * 5 + [429]


@pytest.mark.usefixtures("user")
async def test_spellings_of_an_address_count_together(anonymous: AsyncClient) -> None:
    await fail(anonymous, 5, EDITOR.upper())

    assert (await log_in(anonymous)).status_code == 429


@pytest.mark.usefixtures("user")
async def test_other_accounts_are_free(anonymous: AsyncClient) -> None:
    await register(anonymous, "other@example.com")
    await fail(anonymous, 6)

    assert (await log_in(anonymous, "other@example.com")).status_code == 200


@pytest.mark.usefixtures("user")
async def test_tries_at_once_learn_no_more(anonymous: AsyncClient) -> None:
    tries = (log_in(anonymous, password=f"wrong password {n}") for n in range(12))
    answers = Counter(answer.status_code for answer in await asyncio.gather(*tries))

    assert answers[401] <= 5
    assert answers[401] + answers[429] == 12


@pytest.mark.usefixtures("user")
async def test_right_password_among_tries_at_once_comes_too_late(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = app.state.passwords
    run = passwords.run

    async def run_after_others(work: Callable[[], object]) -> object:
        monkeypatch.setattr(passwords, "run", run)
        await fail(anonymous, 5)
        return await run(work)

    monkeypatch.setattr(passwords, "run", run_after_others)

    assert (await log_in(anonymous)).status_code == 429


@pytest.fixture
def account_limit(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_LIMIT_PAIR", "50")
    monkeypatch.setenv("AUTH_LIMIT_ACCOUNT", "3")


@pytest.fixture
def address_limit(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_LIMIT_ADDRESS", "3")


@pytest.fixture
def short_window(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_LIMIT_WINDOW", "1")


@pytest.mark.usefixtures("account_limit", "user")
async def test_limit_of_an_account(anonymous: AsyncClient) -> None:
    assert await fail(anonymous, 4) == [401] * 3 + [429]


@pytest.mark.usefixtures("address_limit", "user")
async def test_limit_of_an_address(app: FastAPI, anonymous: AsyncClient) -> None:
    for number in range(3):
        await fail(anonymous, 1, f"user{number}@example.com")

    assert (await log_in(anonymous)).status_code == 429
    async with from_address(app, anonymous, "192.0.2.1") as elsewhere:
        assert (await log_in(elsewhere)).status_code == 200


@pytest.mark.usefixtures("user")
async def test_failures_elsewhere_do_not_lock_a_user_out(
    app: FastAPI, anonymous: AsyncClient
) -> None:
    async with from_address(app, anonymous, "192.0.2.1") as elsewhere:
        await fail(elsewhere, 6)

    assert (await log_in(anonymous)).status_code == 200


@pytest.mark.usefixtures("short_window", "user")
async def test_failures_are_forgotten(anonymous: AsyncClient) -> None:
    await fail(anonymous, 5)
    await asyncio.sleep(1.1)

    assert (await log_in(anonymous)).status_code == 200


def from_address(app: FastAPI, anonymous: AsyncClient, address: str) -> AsyncClient:
    transport = ASGITransport(app, client=(address, 1))
    return AsyncClient(transport=transport, base_url=anonymous.base_url)


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_network(host: str, counted: str) -> None:
    assert network_of(host) == counted


@pytest.mark.usefixtures("user")
async def test_old_failures_of_one_who_still_fails_count_no_more(
    anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fail(anonymous, 4)
    for later in (800, 1000):
        moment = utc_now() + timedelta(seconds=later)
        monkeypatch.setattr(limits, "utc_now", lambda moment=moment: moment)

        assert await fail(anonymous, 1) == [401]

    assert (await log_in(anonymous)).status_code == 200
