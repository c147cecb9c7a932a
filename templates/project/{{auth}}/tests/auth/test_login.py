"""Registration and login."""

from httpx2 import AsyncClient

from tests.auth.people import EDITOR, log_in, register


async def test_login(anonymous: AsyncClient) -> None:
    await register(anonymous)

    answer = await log_in(anonymous)

    assert answer.status_code == 200
    assert answer.json()["scope"] == "items:read items:write"


async def test_me(anonymous: AsyncClient) -> None:
    await register(anonymous)
    token = (await log_in(anonymous)).json()["access_token"]

    answer = await anonymous.get(
        "/users/me", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.json()["email"] == EDITOR
