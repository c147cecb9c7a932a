"""Bounds on a request's headers."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.problem import ProblemError
from app.kit.sockets import refuse

MAX_SIZE = 32 * 1024  # bytes


class HeadersMiddleware:
    """Refuse headers that are too long together (431); drop cookies with a backslash.

    No browser sends one, and to unquote a long one takes Python seconds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = scope["headers"]
        if sum(len(name) + len(value) for name, value in headers) > MAX_SIZE:
            error = ProblemError(431, f"Headers may have {MAX_SIZE} bytes at most")
            await refuse(error, scope, receive, send)
            return
        scope["headers"] = [
            (name, harmless(value) if name == b"cookie" else value)
            for name, value in headers
        ]
        await self.app(scope, receive, send)


def harmless(cookies: bytes) -> bytes:
    return b";".join(pair for pair in cookies.split(b";") if b"\\" not in pair)
