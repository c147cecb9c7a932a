"""The login."""

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.accounts.passwords import Passwords
from app.accounts.settings import PasswordSettings
from tests.auth.people import EDITOR, PASSWORD, log_in, register, scope_of


@pytest.fixture
async def user(anonymous: AsyncClient) -> str:
    await register(anonymous)
    return EDITOR


@pytest.fixture
def verified(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return spy(app.state.passwords, monkeypatch)


def spy(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the stored hashes that passwords are held against."""
    seen: list[str] = []
    genuine = passwords.hasher.verify_and_update

    def verify(password: str, stored: str) -> tuple[bool, str | None]:
        seen.append(stored)
        return genuine(password, stored)

    monkeypatch.setattr(passwords.hasher, "verify_and_update", verify)
    return seen


@pytest.mark.usefixtures("user")
async def test_login(anonymous: AsyncClient) -> None:
    answer = await log_in(anonymous)

    body = answer.json()
    assert len(body.pop("access_token")) > 100
    assert body == {
        "token_type": "bearer",
        "expires_in": 900,
        "scope": scope_of("editor"),
    }
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("user")
async def test_address_is_folded(anonymous: AsyncClient) -> None:
    answer = await log_in(anonymous, "\uff25\uff24\uff29\uff34\uff2f\uff32@Example.COM")

    assert answer.status_code == 200


@pytest.mark.usefixtures("user")
async def test_wrong_password_and_unknown_user_look_the_same(
    anonymous: AsyncClient,
) -> None:
    wrong = await log_in(anonymous, password="wrong password")
    unknown = await log_in(anonymous, "nobody@example.com")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["error"] == unknown.json()["error"] == "invalid_grant"
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("email", [EDITOR, "nobody@example.com", "no address"])
@pytest.mark.usefixtures("user")
async def test_a_hash_is_verified_for_unknown_users_too(
    anonymous: AsyncClient, verified: list[str], email: str
) -> None:
    await log_in(anonymous, email, "wrong password")

    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$")


@pytest.mark.parametrize("name", ["username", "password"])
@pytest.mark.parametrize("charset", ["unicode_escape", "utf-8"])
async def test_form_in_parts_is_refused(
    anonymous: AsyncClient, name: str, charset: str
) -> None:
    """Its sender picks the character set, and so text that has no bytes to hash."""
    fields = {"username": EDITOR, "password": PASSWORD, name: r"\ud800"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    answer = await anonymous.post(
        "/auth/token",
        content="".join([*parts, "--x--\r\n"]).encode(),
        headers={"Content-Type": kind},
    )

    assert answer.status_code == 415


@pytest.mark.usefixtures("user")
async def test_parameters_of_the_content_type_are_ignored(
    anonymous: AsyncClient,
) -> None:
    answer = await anonymous.post(
        "/auth/token",
        data={"username": EDITOR, "password": PASSWORD},
        headers={"Content-Type": "Application/X-WWW-Form-URLEncoded; charset=UTF-8"},
    )

    assert answer.status_code == 200


@pytest.mark.usefixtures("user")
async def test_overlong_password_is_not_hashed(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.passwords, "hasher", None)

    assert (await log_in(anonymous, password="x" * 129)).status_code == 401


@pytest.mark.usefixtures("user")
async def test_fewer_scopes(anonymous: AsyncClient) -> None:
    answer = await log_in(anonymous, scope="items:read")

    assert answer.json()["scope"] == "items:read"


@pytest.mark.parametrize("scope", ["users:admin", "items:read nonsense", "*"])
@pytest.mark.usefixtures("user")
async def test_scopes_beyond_the_roles(anonymous: AsyncClient, scope: str) -> None:
    answer = await log_in(anonymous, scope=scope)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("user")
async def test_password_of_another_case(anonymous: AsyncClient) -> None:
    assert (await log_in(anonymous, password=PASSWORD.upper())).status_code == 401


@pytest.mark.usefixtures("user")
async def test_stored_hash_follows_the_parameters(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH_ARGON2_PASSES", "2")
    app.state.passwords = Passwords(PasswordSettings())
    verified = spy(app.state.passwords, monkeypatch)

    await log_in(anonymous)
    await log_in(anonymous)

    assert ["t=1" in verified[0], "t=2" in verified[1]] == [True, True]
