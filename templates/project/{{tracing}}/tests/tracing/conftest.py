"""Fixtures for the tests of tracing."""

from collections.abc import Iterator
from threading import Thread

import pytest

from tests.tracing.collector import Collector


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
