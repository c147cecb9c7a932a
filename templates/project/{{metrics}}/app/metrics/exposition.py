"""The port for metrics alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app


class Server(ThreadingMixIn, WSGIServer):
    """Every worker listens on the same port; any of them can answer for all."""

    daemon_threads = True
    allow_reuse_port = True


class Handler(WSGIRequestHandler):
    """Keeps scrapes out of the log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(port: int, registry: CollectorRegistry) -> Iterator[None]:
    """Show metrics on a port, on every address of the machine."""
    server = make_server("", port, make_wsgi_app(registry), Server, Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
