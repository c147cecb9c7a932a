"""Refusal of requests to hosts that are not ours."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.paths import below, route_path
from app.kit.problem import ProblemError
from app.kit.sockets import refuse

HOST = re.compile(r"(\[[^]]*\]|[^:]*)(?::[0-9]*)?")


def host_name(scope: Scope) -> str:
    """Return the host that was asked for: lower-case, no port, no trailing dot.

    It is empty when none was named, or more than one, or with a port that is none.
    """
    named = Headers(scope=scope).getlist("host")
    host = HOST.fullmatch(named[0].lower()) if len(named) == 1 else None
    return host[1].removesuffix(".") if host else ""


def matches(host: str, pattern: str) -> bool:
    """Tell whether a host is the pattern, or below it when that is `*.example.com`."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and host != pattern[1:]
    return pattern in ("*", host)


class HostsMiddleware:
    """Refuse hosts that are not allowed (400), but on the paths for probes."""

    def __init__(
        self, app: ASGIApp, allowed: Sequence[str], any_host: Sequence[str]
    ) -> None:
        self.app = app
        self.allowed = [pattern.lower() for pattern in allowed]
        self.any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self.accepts(scope):
            await self.app(scope, receive, send)
            return
        refusal = ProblemError(400, "This host is not served here")
        await refuse(refusal, scope, receive, send)

    def accepts(self, scope: Scope) -> bool:
        if below(route_path(scope), self.any_host):
            return True
        host = host_name(scope)
        return any(matches(host, pattern) for pattern in self.allowed)
