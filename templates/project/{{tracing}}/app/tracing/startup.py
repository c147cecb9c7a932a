"""Tracing while the application runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from starlette.concurrency import run_in_threadpool

from app.tracing.clients import traced_clients
from app.tracing.database import traced_statements


@asynccontextmanager
async def tracing(app: FastAPI) -> AsyncGenerator[None]:
    """Export spans of requests, SQL and HTTPX, as the standard variables say."""
    telemetry: TelemetryConfig = app.state.options["telemetry"]
    provider = telemetry.get("tracer_provider")
    if not isinstance(provider, TracerProvider):
        yield
        return
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer(__name__)
    try:
        with traced_statements(tracer), traced_clients(provider):
            yield
    finally:
        await run_in_threadpool(provider.shutdown)
