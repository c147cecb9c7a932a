"""Cross-origin requests from listed origins."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.layer import HttpLayer, on_start

REQUEST_HEADERS = (
    "Authorization, Content-Type, If-Match, If-None-Match, X-API-Version, "
    "X-Requested-With, X-Request-ID"
)
RESPONSE_HEADERS = (
    "ETag, Location, Link, Retry-After, X-Request-ID, Deprecation, Sunset, "
    "X-API-Version"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    "Access-Control-Allow-Headers": REQUEST_HEADERS,
    "Access-Control-Max-Age": "600",
}


class CORSMiddleware(HttpLayer):
    """Let listed origins in, with credentials; others get no CORS header at all.

    Starlette's own sends some to every origin and answers refusals as text.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(app)
        self.origins = frozenset(origins)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        listed = origin in self.origins

        def add_headers(message: Message) -> None:
            headers = MutableHeaders(scope=message)
            headers.add_vary_header("Origin")
            if listed:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Allow-Credentials"] = "true"
                headers["Access-Control-Expose-Headers"] = RESPONSE_HEADERS

        preflight = "access-control-request-method" in asked
        inner = self.app
        if listed and preflight and scope["method"] == "OPTIONS":
            inner = Response(status_code=204, headers=PREFLIGHT)
        answer = on_start(send, add_headers) if self.origins else send
        await inner(scope, receive, answer)
