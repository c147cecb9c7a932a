"""Refusal of WebSockets."""

from starlette.websockets import WebSocket

from app.kit.problem import ProblemError, error_response


async def deny(socket: WebSocket, error: ProblemError) -> None:
    """Answer with a problem instead of opening, where the server can do that."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(error_response(socket.scope, error))
    else:
        await socket.close(code=1008)
