"""Reports what nobody handled."""

import sentry_sdk
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.access_log import route_template

EXPECTED = (HTTPException, ClientDisconnect)


class SentryMiddleware:
    """Report unexpected exceptions with method, route and request id, and pass them on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except EXPECTED:
            raise
        except Exception as error:
            tags = {
                "method": scope.get("method", scope["type"]),
                "route": route_template(scope),
                "request_id": scope.get("state", {}).get("request_id", ""),
            }
            sentry_sdk.capture_exception(error, tags=tags)
            raise
