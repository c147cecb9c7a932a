"""One log line a request."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.access")


def route_template(scope: Scope) -> str:
    """Return the path of the matched route with its prefixes, `unmatched` without."""
    effective = scope.get("fastapi", {}).get("effective_route_context")
    route = effective or scope.get("route")
    path: str = getattr(route, "path_format", "") or getattr(route, "path", "")
    return path or "unmatched"


class AccessLogMiddleware:
    """Log method, route, status and duration; health probes at debug level only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        start = time.perf_counter()
        method = scope["method"]

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            duration = round((time.perf_counter() - start) * 1000, 2)
            write = log.debug if scope["path"].startswith("/health") else log.info
            write(
                "request",
                method=method,
                route=route_template(scope),
                status=status,
                duration_ms=duration,
            )
