"""A client that leaves."""

from starlette.types import ASGIApp, Message, Scope


async def leave_upload(app: ASGIApp, path: str) -> None:
    """Announce a body, and leave before any of it has come."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"test"), (b"content-length", b"100")],
        "client": ("127.0.0.1", 5),
        "server": ("test", 80),
        "state": {},
    }

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        """Lose the answer, as a server does."""

    await app(scope, receive, send)
