"""Spans of outgoing HTTP requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor
from opentelemetry.trace import TracerProvider


@contextmanager
def traced_clients(provider: TracerProvider) -> Iterator[None]:
    """Trace the requests of HTTPX, if it is installed, and pass the trace on."""
    if find_spec("httpx2") is None:
        yield
        return
    instrumentor = HTTPX2ClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield
    finally:
        instrumentor.uninstrument()
