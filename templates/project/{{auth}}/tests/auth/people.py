"""People for the tests."""

from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from pydantic import SecretStr

from app.auth.administration import create_admin
from app.auth.schemas import Registration

PASSWORD = "correct horse battery"
ADMIN = "admin@example.com"
EDITOR = "editor@example.com"


async def log_in(
    anonymous: AsyncClient,
    email: str = EDITOR,
    password: str = PASSWORD,
    scope: str = "",
) -> Response:
    form = {"username": email, "password": password, "scope": scope}
    return await anonymous.post("/auth/token", data=form)


async def register(anonymous: AsyncClient, email: str = EDITOR) -> Response:
    account = {"email": email, "password": PASSWORD}
    return await anonymous.post("/auth/register", json=account)


async def sign_in(app: FastAPI, anonymous: AsyncClient, scope: str = "") -> str:
    """Return an access token of an administrator."""
    async with app.state.sessions.begin() as session:
        account = Registration(email=ADMIN, password=SecretStr(PASSWORD))
        await create_admin(session, app.state.passwords, account)
    token: str = (await log_in(anonymous, ADMIN, scope=scope)).json()["access_token"]
    anonymous.cookies.clear()
    return token
