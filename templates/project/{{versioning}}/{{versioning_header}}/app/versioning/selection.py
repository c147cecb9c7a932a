"""A request names its version by the header X-API-Version, else gets the default."""

import re
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.problem import ProblemError
from app.settings import settings_of
from app.versioning.settings import VersioningSettings
from app.versioning.versions import BY_NAME

HEADER = "X-API-Version"


class InVersion:
    """Dependency of each route of a version: refuses versions that do not exist."""

    def __init__(self, number: int) -> None:
        self.number = number

    async def __call__(self, request: Request) -> None:
        if request.state.api_version is None:
            known = ", ".join(BY_NAME)
            raise ProblemError(400, f"{HEADER} must be one of {known}")


class VersionRouter(APIRouter):
    """The routes of one version: a request for another one does not reach them."""

    def __init__(self, number: int, router: APIRouter) -> None:
        super().__init__(dependencies=[Depends(InVersion(number))])
        self.number = number
        self.include_router(router)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        asked = scope.get("state", {}).get("api_version")
        if asked not in (None, self.number):
            return Match.NONE, {}
        return super().matches(scope)


def version_of(route: RouteContext) -> int | None:
    """Return the number of the version that a route belongs to, if to any."""
    for guard in getattr(route, "dependencies", ()):
        if isinstance(guard.dependency, InVersion):
            return guard.dependency.number
    return None


async def default_version(request: Request) -> int:
    """Return the number of the version that a request gets without the header."""
    return settings_of(request.app, VersioningSettings).api_default_version


class VersionMiddleware:
    """Pick the version of each request, and tell of it in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.versioned: list[re.Pattern[str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        if scope["type"] != "http" or not self.has_versions(scope, root):
            await self.app(scope, receive, send)
            return
        default = settings_of(scope["app"], VersioningSettings).api_default_version
        asked = Headers(scope=scope).getlist(HEADER) or [str(default)]
        version = BY_NAME.get(",".join(asked))
        scope["state"]["api_version"] = version.number if version else None

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header(HEADER)
                if version:
                    headers[HEADER] = str(version.number)
                    headers.update(version.end)
                if version and version.deprecated:
                    headers.append(
                        "Link", f'<{quote(root)}/versions>; rel="deprecation"'
                    )
            await send(message)

        await self.app(scope, receive, send_with_version)

    def has_versions(self, scope: Scope, root: str) -> bool:
        """Tell whether a path leads to routes that have versions."""
        if not self.versioned:
            self.versioned = [
                route.path_regex
                for route in iter_route_contexts(scope["app"].routes)
                if version_of(route)
            ]
        path = scope["path"].removeprefix(root)
        return any(pattern.match(path) for pattern in self.versioned)
