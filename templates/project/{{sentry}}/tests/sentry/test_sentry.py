import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI, Request

from app.about import NAME, VERSION
from app.main import create_app
from tests.conftest import browse

SECRET = "very-secret"


class Sentry(ThreadingHTTPServer):
    """Takes reports; `received` has the decompressed envelopes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.server.received.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    server = Sentry()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fail(request: Request) -> None:
    credentials = request.headers["authorization"]
    raise RuntimeError(f"{len(credentials)} characters")


async def break_down(app: FastAPI) -> str:
    """Make the application fail with secrets all around; return the request's id."""
    app.add_api_route("/broken", fail, methods=["POST"])
    async with app.router.lifespan_context(app), browse(app) as client:
        answer = await client.post(
            f"/broken?token={SECRET}",
            json={"key": SECRET},
            headers={
                "Authorization": f"Bearer {SECRET}",
                "Cookie": f"session={SECRET}",
            },
        )
        await client.get("/nowhere")
    assert answer.status_code == 500
    return answer.headers["X-Request-ID"]


def events(received: list[bytes]) -> list[dict[str, Any]]:
    items = [line for envelope in received for line in envelope.splitlines()]
    return [item for item in map(json.loads, items) if "exception" in item]


@pytest.mark.usefixtures("database")
async def test_report(sentry: Sentry, monkeypatch: pytest.MonkeyPatch) -> None:
    dsn = f"http://key@127.0.0.1:{sentry.server_port}/1"
    monkeypatch.setenv("SENTRY_DSN", dsn)
    monkeypatch.setenv("ENVIRONMENT", "test")

    request_id = await break_down(create_app())

    [event] = events(sentry.received)
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["release"] == f"{NAME}@{VERSION}"
    assert event["environment"] == "test"
    assert event["tags"] == {
        "method": "POST",
        "route": "/broken",
        "request_id": request_id,
    }
    assert SECRET.encode() not in b"".join(sentry.received)


@pytest.mark.usefixtures("database")
async def test_without_dsn_nothing_is_sent(
    sentry: Sentry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENTRY_DSN", raising=False)

    await break_down(create_app())

    assert sentry.received == []
