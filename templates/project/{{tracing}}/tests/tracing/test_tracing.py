import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from sqlalchemy import text

from app.about import NAME, VERSION
from app.main import create_app
from tests.conftest import browse

REMOTE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{REMOTE}-b7ad6b7169203331-01"


class Collector(ThreadingHTTPServer):
    """Takes spans; answers GET with the `traceparent` it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[ExportTraceServiceRequest] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> dict[str, Span]:
        return {
            span.name: span
            for request in self.received
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }

    def resource(self) -> dict[str, str]:
        attributes = self.received[0].resource_spans[0].resource.attributes
        return {item.key: item.value.string_value for item in attributes}


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/traces"
        self.server.received.append(ExportTraceServiceRequest.FromString(body))
        self.server.keys.append(self.headers["api-key"])
        self.answer(b"")

    def do_GET(self) -> None:
        self.answer((self.headers["traceparent"] or "").encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def exporting(
    collector: Collector, database: str, monkeypatch: pytest.MonkeyPatch
) -> Collector:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=key")
    monkeypatch.setenv("ENVIRONMENT", "test")
    return collector


def attributes(span: Span) -> dict[str, str]:
    return {item.key: item.value.string_value for item in span.attributes}


def with_work(app: FastAPI, collector: Collector) -> None:
    """Add a route that asks the database and another service."""

    async def work(number: int) -> str:
        async with app.state.engine.connect() as connection:
            await connection.execute(text("SELECT :secret"), {"secret": "hidden"})
        async with AsyncClient() as client:
            return (await client.get(collector.url)).text

    app.add_api_route("/work/{number}", work)


async def ask(app: FastAPI, path: str) -> Response:
    async with app.router.lifespan_context(app), browse(app) as client:
        return await client.get(path, headers={"traceparent": TRACEPARENT})


async def test_spans_of_a_request(exporting: Collector) -> None:
    app = create_app()
    with_work(app, exporting)

    answer = await ask(app, "/work/7")

    spans = exporting.spans()
    request = spans["GET /work/{number}"]
    assert request.trace_id.hex() == REMOTE
    assert attributes(request)["http.route"] == "/work/{number}"
    assert attributes(request)["request_id"] == answer.headers["X-Request-ID"]
    statement = spans["SELECT"]
    assert statement.trace_id == request.trace_id
    assert "hidden" not in str(statement)
    outgoing = spans["GET"]
    assert outgoing.trace_id == request.trace_id
    assert answer.json() == f"00-{REMOTE}-{outgoing.span_id.hex()}-01"


async def test_resource_and_headers(exporting: Collector) -> None:
    await ask(create_app(), "/info")

    resource = exporting.resource()
    assert resource["service.name"] == NAME
    assert resource["service.version"] == VERSION
    assert resource["deployment.environment.name"] == "test"
    assert exporting.keys == ["key"]


async def test_probes_are_not_traced(exporting: Collector) -> None:
    await ask(create_app(), "/health/ready")

    assert exporting.received == []


async def test_failed_statement(exporting: Collector) -> None:
    app = create_app()

    async def fail() -> None:
        async with app.state.engine.connect() as connection:
            await connection.execute(text("SELECT nothing"))

    app.add_api_route("/fail", fail)
    await ask(app, "/fail")

    assert exporting.spans()["SELECT"].status.code == 2


async def test_log_lines_carry_the_trace(
    exporting: Collector,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")

    await ask(create_app(), "/info")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["trace_id"] == REMOTE
    span = exporting.spans()["GET /info"]
    assert line["span_id"] == span.span_id.hex()


async def test_without_endpoint_nothing_is_sent(
    collector: Collector, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    app = create_app()
    with_work(app, collector)

    answer = await ask(app, "/work/7")

    assert answer.json() == ""
    assert collector.received == []
