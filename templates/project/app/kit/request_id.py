"""An identifier for each request, in its answer and in its log lines."""

import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.kit.layer import HttpLayer, on_start

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,128}")


class RequestIdMiddleware(HttpLayer):
    """Echo the caller's X-Request-ID where it is harmless, else make one.

    It is `request.state.request_id` and is bound to all log lines of the request.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).getlist(HEADER)
        known = len(given) == 1 and ACCEPTED.fullmatch(given[0])
        request_id = given[0] if known else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        def add_id(message: Message) -> None:
            MutableHeaders(scope=message)[HEADER] = request_id

        clear_contextvars()
        bind_contextvars(request_id=request_id)
        await self.app(scope, receive, on_start(send, add_id))
