"""One log line a request."""

import time

import structlog
from starlette.types import Message, Receive, Scope, Send

from app.kit.layer import HttpLayer, on_start
from app.kit.paths import below, route_path

PROBES = ["/health"]

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.access")


def route_template(scope: Scope) -> str:
    """Return the path of the matched route with its prefixes, `unmatched` without."""
    effective = scope.get("fastapi", {}).get("effective_route_context")
    route = effective or scope.get("route")
    path: str = getattr(route, "path_format", "")
    return path or "unmatched"


class AccessLogMiddleware(HttpLayer):
    """Log method, route, status and duration; health probes at debug level only."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500
        start = time.perf_counter()
        method = scope["method"]

        def note(message: Message) -> None:
            nonlocal status
            status = message["status"]

        try:
            await self.app(scope, receive, on_start(send, note))
        finally:
            duration = round((time.perf_counter() - start) * 1000, 2)
            is_probe = below(route_path(scope), PROBES)
            write = log.debug if is_probe else log.info
            write(
                "request",
                method=method,
                route=route_template(scope),
                status=status,
                duration_ms=duration,
            )
