"""Roles, and the scopes that they give."""

import asyncio

import pytest
from httpx2 import AsyncClient, Response

from app.accounts.roles import ROLES, SCOPES, allowed_scopes
from tests.auth.people import ADMIN, PASSWORD, log_in, scope_of
from tests.auth.sessions import refresh, start
from tests.users.test_users import id_of

SHIPPED = {"items:read", "items:write", "users:read", "users:admin"}


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("gone", set()),
        ("viewer", {"items:read"}),
        ("editor", {"items:read", "items:write"}),
        ("admin", SHIPPED),
    ],
)
def test_shipped_scopes(role: str, scopes: set[str]) -> None:
    assert allowed_scopes([role]) & SHIPPED == scopes
    assert ROLES.get(role, set()) <= SCOPES.keys()


async def set_roles(client: AsyncClient, user_id: str, *roles: str) -> Response:
    return await client.patch(f"/users/{user_id}/roles", json={"roles": roles})


async def test_token_counts_for_no_more_than_the_roles_now(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    cookie, access = await start(anonymous)
    user_id = await id_of(anonymous, access)
    common = sorted(allowed_scopes(["editor"]) & allowed_scopes(["viewer"]))

    answer = await set_roles(client, user_id, "viewer")

    assert answer.status_code == 200
    assert answer.json()["roles"] == ["viewer"]
    headers = {"Authorization": f"Bearer {access}"}
    me = await anonymous.get("/users/me", headers=headers)
    assert me.json()["scopes"] == common
    assert (await refresh(anonymous, cookie)).json()["scope"].split() == common


async def test_more_roles_need_another_login(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    cookie, access = await start(anonymous)
    await set_roles(client, await id_of(anonymous, access), "admin")

    headers = {"Authorization": f"Bearer {access}"}
    assert (await anonymous.get("/users", headers=headers)).status_code == 403
    refreshed = (await refresh(anonymous, cookie)).json()
    assert refreshed["scope"] == scope_of("editor")
    assert "users:admin" in (await log_in(anonymous)).json()["scope"]


async def test_unknown_role(client: AsyncClient) -> None:
    user_id = (await client.get("/users/me")).json()["id"]

    assert (await set_roles(client, user_id, "admin", "root")).status_code == 422


async def test_last_admin_stays(client: AsyncClient) -> None:
    user_id = (await client.get("/users/me")).json()["id"]

    for answer in (
        await set_roles(client, user_id, "editor"),
        await set_roles(client, user_id),
        await client.patch(f"/users/{user_id}", json={"disabled": True}),
    ):
        assert answer.status_code == 409
    assert (await set_roles(client, user_id, "admin", "viewer")).status_code == 200


async def test_disabled_admin_is_no_other_admin(client: AsyncClient) -> None:
    account = {"email": "b@example.com", "password": PASSWORD, "roles": ["admin"]}
    other = (await client.post("/users", json=account)).json()["id"]
    await client.patch(f"/users/{other}", json={"disabled": True})
    user_id = (await client.get("/users/me")).json()["id"]

    assert (await set_roles(client, user_id, "editor")).status_code == 409


async def test_two_admins_at_once_leave_one(client: AsyncClient) -> None:
    account = {"email": "b@example.com", "password": PASSWORD, "roles": ["admin"]}
    other = (await client.post("/users", json=account)).json()["id"]
    user_id = (await client.get("/users/me")).json()["id"]

    answers = await asyncio.gather(
        set_roles(client, user_id, "editor"), set_roles(client, other, "editor")
    )

    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/users", "users:read"),
        ("POST", "/users", "users:admin"),
        ("PATCH", "/users/00000000-0000-4000-8000-000000000000", "users:admin"),
        ("PATCH", "/users/00000000-0000-4000-8000-000000000000/roles", "users:admin"),
    ],
)
async def test_missing_scope(
    reader: AsyncClient, method: str, path: str, scope: str
) -> None:
    answer = await reader.request(method, path)

    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer error="insufficient_scope", scope="{scope}"'
    )


async def test_reading_users_is_not_administering_them(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    login = await log_in(anonymous, ADMIN, scope="users:read")
    headers = {"Authorization": f"Bearer {login.json()['access_token']}"}

    assert (await anonymous.get("/users", headers=headers)).status_code == 200
    assert (await anonymous.post("/users", headers=headers)).status_code == 403
