"""A span for each SQL statement of a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.trace import SpanKind, StatusCode, Tracer, get_current_span
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext


class Spans:
    """Listens to every engine. Statements are shown without their parameters."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer

    def start(self, connection: Connection, *of_statement: Any) -> None:
        _, statement, _, context, _ = of_statement
        if context is None or not get_current_span().is_recording():
            return
        operation = statement.split(maxsplit=1)[0].upper()
        context.span = self.tracer.start_span(
            operation,
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": connection.dialect.name,
                "db.operation.name": operation,
                "db.query.text": statement,
            },
        )

    def end(self, connection: Connection, *of_statement: Any) -> None:
        context = of_statement[3]
        span = getattr(context, "span", None)
        if span is not None:
            span.end()

    def fail(self, failure: ExceptionContext) -> None:
        span = getattr(failure.execution_context, "span", None)
        if span is not None:
            span.set_attribute("error.type", type(failure.original_exception).__name__)
            span.set_status(StatusCode.ERROR)
            span.end()


@contextmanager
def traced_statements(tracer: Tracer) -> Iterator[None]:
    """Trace the statements of all engines, as long as the application runs."""
    spans = Spans(tracer)
    listeners: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": spans.start,
        "after_cursor_execute": spans.end,
        "handle_error": spans.fail,
    }
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
