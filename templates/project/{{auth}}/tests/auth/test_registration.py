"""Registration."""

import pytest
from httpx2 import AsyncClient, Response

from tests.auth.people import EDITOR, PASSWORD, log_in, register


async def try_to_register(anonymous: AsyncClient, **account: object) -> Response:
    body = {"email": EDITOR, "password": PASSWORD} | account
    return await anonymous.post("/auth/register", json=body)


async def test_known_and_new_address_look_the_same(anonymous: AsyncClient) -> None:
    new = await register(anonymous)
    known = await register(anonymous)

    assert new.status_code == known.status_code == 201
    assert new.json() == known.json() == {"status": "ok"}
    assert new.headers["Cache-Control"] == "no-store"


async def test_known_account_stays_as_it_is(anonymous: AsyncClient) -> None:
    await register(anonymous)
    await try_to_register(anonymous, password="another password")

    assert (await log_in(anonymous)).status_code == 200
    assert (await log_in(anonymous, password="another password")).status_code == 401


async def test_addresses_of_one_form_are_one(anonymous: AsyncClient) -> None:
    await register(anonymous)
    await try_to_register(
        anonymous, email="\uff25ditor@EXAMPLE.com", password="another password"
    )

    assert (await log_in(anonymous, password="another password")).status_code == 401


@pytest.mark.parametrize(
    "more", [{"roles": ["admin"]}, {"scope": "users:admin"}, {"disabled": False}]
)
async def test_nothing_else_can_be_set(
    anonymous: AsyncClient, more: dict[str, object]
) -> None:
    assert (await try_to_register(anonymous, **more)).status_code == 422


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "@example.com",
        "a b@example.com",
        "a@b@example.com",
        "ünï@example.com",
        "\u0131nfo@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "x" * 300 + "@example.com",
    ],
)
async def test_not_an_address(anonymous: AsyncClient, email: str) -> None:
    assert (await try_to_register(anonymous, email=email)).status_code == 422


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("Zq7 too long " * 10, id="long"),
        pytest.param("Zq7 tooshrt", id="short"),
        pytest.param("Password1234", id="common"),
        pytest.param(EDITOR.title(), id="the address"),
    ],
)
async def test_weak_password(anonymous: AsyncClient, password: str) -> None:
    answer = await try_to_register(anonymous, password=password)

    assert answer.status_code == 422
    assert password not in answer.text


async def test_password_is_not_shown_by_errors_elsewhere(
    anonymous: AsyncClient,
) -> None:
    answer = await try_to_register(anonymous, email="nobody")

    assert answer.status_code == 422
    assert PASSWORD not in answer.text


@pytest.mark.parametrize(
    "password", ["x7" * 64, "  spaces at both ends  ", "e\u0301" * 6]
)
async def test_password_counts_as_it_is(anonymous: AsyncClient, password: str) -> None:
    await try_to_register(anonymous, password=password)

    assert (await log_in(anonymous, password=password)).status_code == 200
    for near in (password.strip() + ".", password[:72] + ".", "\u00e9" * 6):
        assert (await log_in(anonymous, password=near)).status_code == 401


@pytest.fixture
def registration_closed(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_REGISTRATION", "closed")


@pytest.mark.usefixtures("registration_closed")
async def test_closed(anonymous: AsyncClient) -> None:
    assert (await register(anonymous)).status_code == 403
    assert (await log_in(anonymous)).status_code == 401
