"""A request names its version by the first part of its path."""

import re
from urllib.parse import quote

from fastapi.routing import RouteContext
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.versioning.versions import BY_NAME, LATEST, Version

PREFIX = re.compile(r"/v([1-9][0-9]*)(?=/)")


def version_of(route: RouteContext) -> int | None:
    """Return the number of the version that a route belongs to, if to any."""
    match = PREFIX.match(route.path or "")
    return int(match[1]) if match else None


async def default_version() -> int:
    """Return the number of the version that a newcomer should use."""
    return LATEST


class VersionMiddleware:
    """Tell with each answer of a deprecated version when it ends and what follows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root) if scope["type"] == "http" else ""
        match = PREFIX.match(path)
        version = BY_NAME.get(match[1]) if match else None
        if version is None or not version.deprecated:
            await self.app(scope, receive, send)
            return

        async def send_with_end(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(version.end)
                headers.append("Link", links(root, path, version))
            await send(message)

        await self.app(scope, receive, send_with_end)


def links(root: str, path: str, version: Version) -> str:
    """Return where to read of a version's end, and the same path in the next one."""
    following = PREFIX.sub(f"/v{version.number + 1}", path, count=1)
    return (
        f'<{quote(root)}/versions>; rel="deprecation", '
        f'<{quote(root + following)}>; rel="successor-version"'
    )
