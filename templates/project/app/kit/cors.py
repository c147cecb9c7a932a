"""Cross-origin requests from listed origins."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
REQUEST_HEADERS = ", ".join(
    [
        "Authorization",
        "Content-Type",
        "If-Match",
        "If-None-Match",
        "X-API-Version",
        "X-Requested-With",
        "X-Request-ID",
    ]
)
RESPONSE_HEADERS = ", ".join(
    [
        "ETag",
        "Location",
        "Link",
        "Retry-After",
        "X-Request-ID",
        "Deprecation",
        "Sunset",
        "X-API-Version",
    ]
)


class CORSMiddleware:
    """Let listed origins in, with credentials; others get no CORS header at all.

    Starlette's own sends some to every origin and answers refusals as text.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.origins:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        listed = origin in self.origins

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if listed:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Allow-Credentials"] = "true"
                    headers["Access-Control-Expose-Headers"] = RESPONSE_HEADERS
            await send(message)

        preflight = "access-control-request-method" in asked
        if listed and preflight and scope["method"] == "OPTIONS":
            await preflight_answer()(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def preflight_answer() -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": REQUEST_HEADERS,
            "Access-Control-Max-Age": "600",
        },
    )
