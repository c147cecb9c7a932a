"""Headers that keep browsers and caches careful."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from app.kit.layer import HttpLayer, on_start


class SecurityHeadersMiddleware(HttpLayer):
    """Set security headers; keep errors and personal answers out of caches.

    An answer is personal with a token, a cookie or `request.state.private`.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        signed_in = "authorization" in asked or "cookie" in asked

        def add_headers(message: Message) -> None:
            headers = MutableHeaders(scope=message)
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Referrer-Policy", "no-referrer")
            private = scope.get("state", {}).get("private", False)
            personal = signed_in or private or "set-cookie" in headers
            if personal or message["status"] >= 400:
                headers["Cache-Control"] = "no-store"

        await self.app(scope, receive, on_start(send, add_headers))
