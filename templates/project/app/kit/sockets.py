"""Refusal of what may be a WebSocket."""

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.kit.problem import ProblemError, error_response


async def refuse(
    error: ProblemError, scope: Scope, receive: Receive, send: Send
) -> None:
    """Raise, or answer with a problem instead of opening, where the server can."""
    if scope["type"] == "http":
        raise error
    socket = WebSocket(scope, receive, send)
    if "websocket.http.response" in scope.get("extensions", {}):
        await socket.send_denial_response(error_response(scope, error))
    else:
        await socket.close(code=1008)
