"""Access tokens, and every way of forging one."""

import time
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from tests.auth.forging import claims_of, header_of, signed
from tests.auth.people import log_in, register, scope_of
from tests.auth.sessions import start

NOW = int(time.time())
REQUIRED = [
    "iss",
    "aud",
    "sub",
    "client_id",
    "iat",
    "nbf",
    "exp",
    "jti",
    "sid",
    "scope",
    "typ",
]


@pytest.fixture
async def token(anonymous: AsyncClient) -> str:
    await register(anonymous)
    token: str = (await log_in(anonymous)).json()["access_token"]
    return token


async def use(anonymous: AsyncClient, token: str) -> Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await anonymous.get("/users/me", headers=headers)


def assert_invalid(answer: Response) -> None:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_claims(token: str) -> None:
    claims = claims_of(token)

    assert header_of(token)["typ"] == "at+jwt"
    assert claims["typ"] == "access"
    assert claims["exp"] - claims["iat"] == 900
    assert claims["scope"] == scope_of("editor")


async def test_token_is_taken(anonymous: AsyncClient, token: str) -> None:
    assert (await use(anonymous, token)).status_code == 200


async def test_token_signed_by_hand_is_taken(
    anonymous: AsyncClient, token: str
) -> None:
    """Else the forgeries below would be refused for another reason than theirs."""
    assert (await use(anonymous, signed(claims_of(token)))).status_code == 200


async def test_no_token(anonymous: AsyncClient) -> None:
    answer = await anonymous.get("/users/me")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_leeway(anonymous: AsyncClient, token: str) -> None:
    expired = signed(claims_of(token) | {"exp": int(time.time()) - 20})

    assert (await use(anonymous, expired)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": NOW - 60}, id="expired"),
        pytest.param({"nbf": NOW + 600}, id="not yet valid"),
        pytest.param({"iss": "other"}, id="other issuer"),
        pytest.param({"aud": "other"}, id="other audience"),
        pytest.param({"aud": ["other"]}, id="other audiences"),
        pytest.param({"typ": "refresh"}, id="other type of token"),
        pytest.param({"exp": str(NOW + 600)}, id="expiry as a string"),
        pytest.param({"exp": float("inf")}, id="endless expiry"),
        pytest.param({"iat": True}, id="issued at true"),
        pytest.param({"sub": ""}, id="empty subject"),
        pytest.param({"sub": "admin"}, id="subject that is no user"),
        pytest.param({"sub": "00000000-0000-4000-8000-000000000000"}, id="other user"),
        pytest.param({"sid": "00000000-0000-4000-8000-000000000000"}, id="no family"),
        pytest.param({"scope": ["items:read"]}, id="scopes as a list"),
        pytest.param({"jti": 1}, id="id as a number"),
    ],
)
async def test_wrong_claim(
    anonymous: AsyncClient, token: str, changes: dict[str, Any]
) -> None:
    assert_invalid(await use(anonymous, signed(claims_of(token) | changes)))


@pytest.mark.parametrize("name", REQUIRED)
async def test_missing_claim(anonymous: AsyncClient, token: str, name: str) -> None:
    claims = claims_of(token)
    del claims[name]

    assert_invalid(await use(anonymous, signed(claims)))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"typ": "JWT"}, id="type of another token"),
        pytest.param({"typ": None}, id="no type"),
        pytest.param({"alg": "HS512"}, id="other algorithm named"),
        pytest.param({"alg": "RS256"}, id="algorithm of other keys"),
        pytest.param({"kid": "unknown"}, id="unknown key"),
        pytest.param({"kid": 5}, id="key that is no name"),
        pytest.param({"crit": ["exp"]}, id="critical extension"),
    ],
)
async def test_wrong_header(
    anonymous: AsyncClient, token: str, header: dict[str, Any]
) -> None:
    assert_invalid(await use(anonymous, signed(claims_of(token), header)))


async def test_session_of_another_user(anonymous: AsyncClient, token: str) -> None:
    _, other = await start(anonymous, "other@example.com")
    forged = signed(claims_of(token) | {"sub": claims_of(other)["sub"]})

    assert_invalid(await use(anonymous, forged))


async def test_other_key(anonymous: AsyncClient, token: str) -> None:
    forged = signed(claims_of(token), key=b"another key, as long as the real")

    assert_invalid(await use(anonymous, forged))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_unsigned(anonymous: AsyncClient, token: str, algorithm: str) -> None:
    forged = signed(claims_of(token), {"alg": algorithm})
    bare = forged.rpartition(".")[0] + "."

    assert_invalid(await use(anonymous, bare))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="no base64"),
        pytest.param("only-one-part", id="one part"),
        pytest.param(signed(b"[]"), id="claims that are a list"),
        pytest.param(signed(b"[" * 20_000), id="deep nesting"),
        pytest.param(signed(b'{"exp": ' + b"9" * 5_000 + b"}"), id="long number"),
        pytest.param(signed({}) + " " + signed({}), id="two in one"),
    ],
)
async def test_not_a_token(anonymous: AsyncClient, text: str) -> None:
    assert_invalid(await use(anonymous, text))


async def test_other_scheme(anonymous: AsyncClient, token: str) -> None:
    answer = await anonymous.get(
        "/users/me", headers={"Authorization": f"Basic {token}"}
    )

    assert_invalid(answer)


async def test_two_headers(anonymous: AsyncClient, token: str) -> None:
    header = ("Authorization", f"Bearer {token}")

    assert_invalid(await anonymous.get("/users/me", headers=[header, header]))


async def test_token_elsewhere(anonymous: AsyncClient, token: str) -> None:
    answer = await anonymous.get(
        "/users/me",
        params={"access_token": token},
        headers={"Cookie": f"access_token={token}"},
    )

    assert answer.status_code == 401


async def test_answers_are_private(anonymous: AsyncClient, token: str) -> None:
    assert (await use(anonymous, token)).headers["Cache-Control"] == "no-store"
