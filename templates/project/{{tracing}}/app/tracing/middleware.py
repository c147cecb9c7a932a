"""Links log lines and spans."""

from opentelemetry.trace import format_span_id, format_trace_id, get_current_span
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bind_contextvars


class TracingMiddleware:
    """Put the trace's id on all log lines of a request, the request's id on its span."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        span = get_current_span()
        context = span.get_span_context()
        if scope["type"] == "http" and context.is_valid:
            span.set_attribute("request_id", scope["state"]["request_id"])
            # Until the next request clears them: the access log comes last of all.
            bind_contextvars(
                trace_id=format_trace_id(context.trace_id),
                span_id=format_span_id(context.span_id),
            )
        await self.app(scope, receive, send)
