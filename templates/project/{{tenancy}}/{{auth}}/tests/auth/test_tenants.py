"""Accounts and tokens of tenants, and of the platform."""

from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from app.accounts.roles import PLATFORM_ROLE
from app.accounts.schemas import Registration
from app.auth.administration import create_admin
from app.auth.tenancy import TenantTokens
from app.auth.tokens import InvalidTokenError
from app.tenancy.service import Tenants
from app.tenant import TenantRef
from tests.auth.forging import claims_of, signed
from tests.auth.people import EDITOR, PASSWORD, log_in, register
from tests.conftest import browse
from tests.tenants import sessions_at

BOSS = "boss@example.com"


async def ask(
    app: FastAPI, host: str, method: str, path: str, token: str, **options: Any
) -> Response:
    async with browse(app, host, authorization=f"Bearer {token}") as browser:
        return await browser.request(method, path, **options)


async def token_of_boss(app: FastAPI) -> str:
    async with browse(app, "localhost") as bare:
        async with sessions_at(app, bare) as sessions, sessions.begin() as session:
            account = Registration.model_validate({"email": BOSS, "password": PASSWORD})
            await create_admin(session, app.state.passwords, account, PLATFORM_ROLE)
        answer = (await log_in(bare, BOSS)).json()
    assert answer["scope"] == "tenants:admin"
    token: str = answer["access_token"]
    return token


@pytest.mark.parametrize("host", ["globex.localhost", "localhost"])
async def test_token_is_good_for_one_host(app: FastAPI, host: str) -> None:
    async with browse(app) as acme:
        await register(acme)
        token = (await log_in(acme)).json()["access_token"]

    mine = await ask(app, "acme.localhost", "GET", "/users/me", token)
    theirs = await ask(app, host, "GET", "/users/me", token)

    assert (mine.status_code, theirs.status_code) == (200, 401)


@pytest.mark.parametrize("tenant", [None, str(UUID(int=2))])
async def test_token_names_the_tenant(app: FastAPI, tenant: str | None) -> None:
    """A signature that is good, an account that is there, and another tenant's name."""
    async with browse(app) as acme:
        await register(acme)
        claims = claims_of((await log_in(acme)).json()["access_token"])

    ours = await ask(app, "acme.localhost", "GET", "/users/me", signed(claims))
    forged = signed(claims | {"tenant": tenant})
    theirs = await ask(app, "acme.localhost", "GET", "/users/me", forged)

    assert (ours.status_code, theirs.status_code) == (200, 401)


@pytest.mark.parametrize("claims", [{}, {"tenant": str(UUID(int=2))}])
def test_claim_of_another_tenant_is_refused(claims: dict[str, str]) -> None:
    """By itself: the account, which the other tenant lacks too, is not asked for."""
    tokens = TenantTokens(Mock(), TenantRef(UUID(int=1), "acme"))
    tokens.check(tokens.claims())

    with pytest.raises(InvalidTokenError):
        tokens.check(claims)


async def test_accounts_belong_to_a_tenant(app: FastAPI) -> None:
    async with browse(app) as acme, browse(app, "globex.localhost") as globex:
        await register(acme)

        assert (await log_in(acme, EDITOR)).status_code == 200
        assert (await log_in(globex, EDITOR)).status_code == 401

        assert (await register(globex)).status_code == 201
        assert (await log_in(globex, EDITOR)).status_code == 200


async def test_refresh_token_is_good_for_one_host(app: FastAPI) -> None:
    async with browse(app) as acme:
        await register(acme)
        cookie = (await log_in(acme)).headers["set-cookie"].partition(";")[0]

    headers = {"Cookie": cookie, "X-Requested-With": "fetch"}
    async with browse(app, "globex.localhost") as globex:
        answer = await globex.post("/auth/refresh", headers=headers)

    assert answer.status_code == 401


@pytest.mark.usefixtures("client")
async def test_users_of_others_are_unknown(
    client: AsyncClient, stranger: AsyncClient
) -> None:
    mine = (await client.get("/users/me")).json()["id"]

    listed = await stranger.get("/users")
    change = await stranger.patch(f"/users/{mine}", json={"disabled": True})
    roles = {"roles": ["viewer"]}
    demotion = await stranger.patch(f"/users/{mine}/roles", json=roles)

    assert mine not in listed.text
    assert (change.status_code, demotion.status_code) == (404, 404)
    assert (await client.get("/users/me")).status_code == 200


async def test_platform_makes_tenants(app: FastAPI) -> None:
    token = await token_of_boss(app)

    made = await ask(app, "localhost", "POST", "/tenants", token, json={"slug": "new"})
    listed = await ask(app, "localhost", "GET", "/tenants", token)

    assert made.status_code == 201
    slugs = [tenant["slug"] for tenant in listed.json()["items"]]
    assert slugs == ["new", "globex", "acme"]
    async with browse(app, "new.localhost") as new:
        assert (await new.get("/info")).status_code == 200


@pytest.mark.usefixtures("one_connection")
async def test_platform_needs_one_connection(app: FastAPI) -> None:
    token = await token_of_boss(app)

    made = await ask(app, "localhost", "POST", "/tenants", token, json={"slug": "new"})
    listed = await ask(app, "localhost", "GET", "/tenants", token)

    assert (made.status_code, listed.status_code) == (201, 200)


async def test_tenants_come_in_pages(app: FastAPI) -> None:
    token = await token_of_boss(app)
    await Tenants(app).create("gone")
    await Tenants(app).delete("gone")

    page = "/tenants?limit=1"
    first = (await ask(app, "localhost", "GET", page, token)).json()
    page += f"&cursor={first['next_cursor']}"
    second = (await ask(app, "localhost", "GET", page, token)).json()

    slugs = [tenant["slug"] for tenant in first["items"] + second["items"]]
    assert slugs == ["globex", "acme"]
    assert second["next_cursor"] is None
    for bad in ("limit=101", "cursor=x"):
        answer = await ask(app, "localhost", "GET", f"/tenants?{bad}", token)
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("slug", "status"), [("acme", 409), ("www", 422), ("-x", 422), (5, 422)]
)
async def test_slugs_that_no_tenant_gets(
    app: FastAPI, slug: object, status: int
) -> None:
    token = await token_of_boss(app)

    answer = await ask(app, "localhost", "POST", "/tenants", token, json={"slug": slug})

    assert answer.status_code == status


async def test_platform_is_no_tenant(app: FastAPI) -> None:
    token = await token_of_boss(app)

    at_tenant = await ask(app, "acme.localhost", "GET", "/users/me", token)
    tenants = await ask(app, "acme.localhost", "GET", "/tenants", token)
    users = await ask(app, "localhost", "GET", "/users", token)

    statuses = [answer.status_code for answer in (at_tenant, tenants, users)]
    assert statuses == [401, 404, 404]


async def test_nobody_registers_at_the_platform(app: FastAPI) -> None:
    async with browse(app, "localhost") as bare:
        assert (await register(bare)).status_code == 403


async def test_tenants_administrator_is_not_the_platforms(
    client: AsyncClient,
) -> None:
    me = (await client.get("/users/me")).json()

    roles = {"roles": ["admin", PLATFORM_ROLE]}
    answer = await client.patch(f"/users/{me['id']}/roles", json=roles)

    assert "tenants:admin" not in me["scopes"]
    assert answer.status_code == 422
