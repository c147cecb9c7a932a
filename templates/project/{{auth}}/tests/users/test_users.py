"""Users: of themselves, and as administrators see them."""

from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient

from app.accounts.roles import allowed_scopes
from app.auth.families import Families
from tests.auth.people import ADMIN, EDITOR, PASSWORD, log_in, register, scope_of
from tests.auth.sessions import is_signed_in, refresh, start


async def id_of(anonymous: AsyncClient, access: str) -> str:
    headers = {"Authorization": f"Bearer {access}"}
    found: str = (await anonymous.get("/users/me", headers=headers)).json()["id"]
    return found


async def test_me(client: AsyncClient) -> None:
    body = (await client.get("/users/me")).json()

    assert UUID(body.pop("id"))
    assert body.pop("created_at")
    assert body == {
        "email": ADMIN,
        "display_name": None,
        "roles": ["admin"],
        "scopes": sorted(allowed_scopes(["admin"])),
    }


async def test_me_shows_what_the_token_allows(reader: AsyncClient) -> None:
    assert (await reader.get("/users/me")).json()["scopes"] == ["items:read"]


async def test_display_name(client: AsyncClient) -> None:
    answer = await client.patch("/users/me", json={"display_name": "Ada"})

    assert answer.json()["display_name"] == "Ada"
    assert (await client.get("/users/me")).json()["display_name"] == "Ada"
    answer = await client.patch("/users/me", json={"display_name": None})
    assert answer.json()["display_name"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"roles": ["admin"]},
        {"email": "other@example.com"},
        {"display_name": "Ada", "disabled": True},
        {"display_name": ""},
    ],
)
async def test_nothing_else_is_mine_to_change(
    reader: AsyncClient, body: dict[str, object]
) -> None:
    assert (await reader.patch("/users/me", json=body)).status_code == 422


async def test_list(client: AsyncClient, anonymous: AsyncClient) -> None:
    await register(anonymous)

    first = (await client.get("/users", params={"limit": 1})).json()
    params = {"limit": 1, "cursor": first["next_cursor"]}
    second = (await client.get("/users", params=params)).json()

    shown = [*first["items"], *second["items"]]
    assert [user["email"] for user in shown] == [EDITOR, ADMIN]
    assert second["next_cursor"] is None
    assert not any("password" in key for key in shown[0])


async def test_create(client: AsyncClient, anonymous: AsyncClient) -> None:
    account = {"email": EDITOR, "password": PASSWORD, "roles": ["viewer"]}

    answer = await client.post("/users", json=account)

    assert answer.status_code == 201
    assert answer.json()["roles"] == ["viewer"]
    assert (await log_in(anonymous)).json()["scope"] == scope_of("viewer")
    assert (await client.post("/users", json=account)).status_code == 409


async def test_disabled_user_is_out_at_once(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    cookie, access = await start(anonymous)
    user_id = await id_of(anonymous, access)

    answer = await client.patch(f"/users/{user_id}", json={"disabled": True})

    assert answer.json()["disabled"] is True
    assert not await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, cookie)).status_code == 401
    assert (await log_in(anonymous)).status_code == 401


@pytest.fixture
def sessions_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def end_none(*args: object, **options: object) -> None:
        pass

    monkeypatch.setattr(Families, "end_of", end_none)


@pytest.mark.usefixtures("sessions_go_on")
async def test_disabled_user_is_out_even_in_a_living_session(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    cookie, access = await start(anonymous)
    user_id = await id_of(anonymous, access)
    await client.patch(f"/users/{user_id}", json={"disabled": True})

    assert not await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, cookie)).status_code == 401


async def test_enabled_again(client: AsyncClient, anonymous: AsyncClient) -> None:
    cookie, access = await start(anonymous)
    user_id = await id_of(anonymous, access)
    await client.patch(f"/users/{user_id}", json={"disabled": True})
    await client.patch(f"/users/{user_id}", json={"disabled": False})

    assert (await log_in(anonymous)).status_code == 200
    assert (await refresh(anonymous, cookie)).status_code == 401


async def test_unknown_user(client: AsyncClient) -> None:
    url = f"/users/{uuid4()}"

    assert (await client.patch(url, json={"disabled": True})).status_code == 404
    answer = await client.patch(f"{url}/roles", json={"roles": []})
    assert answer.status_code == 404


@pytest.fixture
def users_unchecked(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("AUTH_CHECK_USER", "false")


@pytest.mark.usefixtures("users_unchecked")
async def test_unchecked_token_lasts_until_it_expires(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    cookie, access = await start(anonymous)
    user_id = await id_of(anonymous, access)
    await client.patch(f"/users/{user_id}", json={"disabled": True})

    assert await is_signed_in(anonymous, access)
    assert (await refresh(anonymous, cookie)).status_code == 401
