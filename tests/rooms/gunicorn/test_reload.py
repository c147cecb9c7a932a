"""No request is lost when workers are replaced, behind nginx under load too.

`FORGE_LOAD=60` lets the load last for a minute.
"""

import http.client
import os
import shutil
import signal
import socket
import ssl
import threading
from pathlib import Path

import pytest

from tests.rooms.conftest import Render
from tests.rooms.gunicorn.test_server import COMMAND, ENVIRONMENT
from tests.rooms.nginx.server import Nginx, parse, receive
from tests.rooms.nginx.server import serving as proxying
from tests.rooms.servers import PATIENCE, serving, wait_for_text
from tests.rooms.services import required, run

LOAD = float(os.environ.get("FORGE_LOAD", "5"))
"""Seconds of load."""

RELOADS = 2

# A route of the user's that takes a while, so that requests are running at any time.
WORK = """

import asyncio


@router.get("/work")
@router.post("/work")
async def work(wait: float = 0) -> str:
    await asyncio.sleep(wait)
    return "done"
"""


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Path:
    copy = tmp_path / "demo"
    shutil.copytree(render(gunicorn=True, nginx=True), copy)
    with (copy / "app/api.py").open("a") as routes:
        routes.write(WORK)
    run("alembic", "upgrade", "head", cwd=copy)
    return copy


def test_accepted_connection_is_answered_by_a_worker_that_ends(project: Path) -> None:
    with serving(COMMAND, project, {**ENVIRONMENT, "WEB_CONCURRENCY": "1"}) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            # Connections are accepted in order, so that this one was when the next is answered.
            server.get("/health/live")
            server.process.send_signal(signal.SIGHUP)
            wait_for_text(server.log, '"Shutting down"')
            connection.sendall(b"GET /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            answer = parse(receive(connection))

    assert (answer.status, answer.body) == (200, b'"done"')


class Client(threading.Thread):
    """Asks one request after the other, some with a body, some that take a while."""

    def __init__(self, nginx: Nginx, stop: threading.Event) -> None:
        super().__init__()
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.nginx = nginx
        self.stop = stop
        self.answers: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            connection = http.client.HTTPSConnection(
                "localhost", self.nginx.https, context=self.context, timeout=PATIENCE
            )
            for method, wait in (("GET", 0), ("POST", 0.02), ("GET", 0.1)):
                self.answers.append(self.ask(connection, method, f"/work?wait={wait}"))
            connection.close()

    def ask(self, connection: http.client.HTTPSConnection, method: str, target: str) -> str:
        try:
            connection.request(method, target, body="x" if method == "POST" else None)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return f"{method} {target}: {error!r}"
        return str(answer.status)


def test_reload_under_load_fails_no_request(project: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    with serving(COMMAND, project, ENVIRONMENT) as server:
        upstream = server.url.removeprefix("http://")
        folder = tmp_path / "nginx"
        with proxying(required("nginx"), project, folder, upstream, read_timeout=60) as nginx:
            clients = [Client(nginx, stop) for _ in range(4)]
            for client in clients:
                client.start()
            for reload in range(1, RELOADS + 1):
                stop.wait(LOAD / RELOADS)
                server.process.send_signal(signal.SIGHUP)
                wait_for_text(server.log, '"Application startup complete."', 2 + 2 * reload)
            stop.set()
            for client in clients:
                client.join()

    answers = [answer for client in clients for answer in client.answers]
    assert set(answers) == {"200"}
