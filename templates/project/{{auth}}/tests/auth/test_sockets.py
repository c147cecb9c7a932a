"""The guard of WebSockets."""

from typing import Any

import pytest
from fastapi import Depends, FastAPI, Security, WebSocket
from httpx2 import AsyncClient
from starlette.types import Message

from app.auth.dependencies import current_principal
from app.main import create_app


@pytest.fixture
def application(database: str) -> FastAPI:
    """Has sockets for users, and for administrators."""
    application = create_app()

    async def greet(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    guard = Depends(current_principal)
    admins = Security(current_principal, scopes=["users:admin"])
    application.add_api_websocket_route("/greeting", greet, dependencies=[guard])
    application.add_api_websocket_route("/admins", greet, dependencies=[admins])
    return application


async def knock(app: FastAPI, client: AsyncClient, path: str) -> list[Message]:
    """Ask as a client for a socket, and return what the application sends."""
    sent: list[Message] = []
    given = {**client.headers, "host": client.base_url.host}
    scope: dict[str, Any] = {
        "type": "websocket",
        "path": path,
        "headers": [(name.encode(), text.encode()) for name, text in given.items()],
        "query_string": b"",
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


async def test_good_token_opens(app: FastAPI, client: AsyncClient) -> None:
    for path in ("/greeting", "/admins"):
        opened = await knock(app, client, path)

        assert opened[0]["type"] == "websocket.accept"


@pytest.mark.parametrize("given", [{}, {"authorization": "Bearer x"}])
async def test_no_good_token_is_refused(
    app: FastAPI, anonymous: AsyncClient, given: dict[str, str]
) -> None:
    anonymous.headers.update(given)

    refused = await knock(app, anonymous, "/greeting")

    assert refused[0]["type"] == "websocket.http.response.start"
    assert refused[0]["status"] == 401


async def test_missing_scope_is_refused(app: FastAPI, reader: AsyncClient) -> None:
    refused = await knock(app, reader, "/admins")

    assert refused[0]["type"] == "websocket.http.response.start"
    assert refused[0]["status"] == 403
