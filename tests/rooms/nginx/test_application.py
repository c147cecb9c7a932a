"""A generated application under Gunicorn behind nginx: what only they together can show."""

import shutil
import ssl
from collections.abc import Generator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.rooms.conftest import Render
from tests.rooms.nginx.server import Nginx, message, parse, receive
from tests.rooms.nginx.server import serving as proxying
from tests.rooms.servers import Server, serving, wait_for_text

COMMAND = ["gunicorn", "--config", "deploy/gunicorn.conf.py"]

# Routes of the user's that tell what the application believes, make a stream as the export
# does, with its last line once a file is there, and speak over a WebSocket.
OWN = """

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import Request, Response, WebSocket

from app.kit.csv import csv_download


@router.get("/whoami", name="whoami")
async def whoami(request: Request) -> dict[str, str]:
    assert request.client is not None
    return {"client": request.client.host, "url": str(request.url_for("whoami"))}


async def rows() -> AsyncIterator[list[str]]:
    yield ["first"]
    while not Path("go-on").exists():
        await asyncio.sleep(0.05)
    yield ["last"]


@router.get("/stream")
async def stream() -> Response:
    return await csv_download("rows.csv", ["row"], rows(), lambda row: [row])


@router.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(f"{socket.url} " + await socket.receive_text())
    await socket.close()
"""


@pytest.fixture(scope="module")
def project(render: Render, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("application") / "demo"
    shutil.copytree(render(nginx=True, gunicorn=True), copy)
    with (copy / "app/api.py").open("a") as routes:
        routes.write(OWN)
    return copy


@pytest.fixture(scope="module")
def server(project: Path) -> Generator[Server]:
    environment = {
        "BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "DATABASE_URL": f"sqlite:///{project}/app.db",
        "LOG_FORMAT": "json",
    }
    with serving(COMMAND, project, environment) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(program: str, project: Path, server: Server) -> Generator[Nginx]:
    upstream = server.url.removeprefix("http://")
    with proxying(program, project, project.parent / "conf", upstream, read_timeout=60) as nginx:
        yield nginx


@pytest.fixture
def item(nginx: Nginx) -> str:
    """The path of an item that is large enough to be compressed."""
    body = b'{"name": "lamp", "description": "%s", "price": {"amount": "9.90", "currency": "EUR"}}'
    json = {"Content-Type": "application/json"}
    made = nginx.ask("/items", method="POST", headers=json, body=body % (b"x" * 3000))
    assert made.status == 201, made.body
    return made.headers["location"]


def test_etag_survives_compression(nginx: Nginx, item: str) -> None:
    """nginx makes it weak; the application knows it again all the same."""
    seen = nginx.ask(item, headers={"Accept-Encoding": "gzip"})
    etag = seen.headers["etag"]
    patch = {"If-Match": etag, "Content-Type": "application/json"}

    assert seen.headers["content-encoding"] == "gzip"
    assert etag.startswith('W/"')
    assert nginx.ask(item, headers={"If-None-Match": etag}).status == 304
    assert nginx.ask(item, method="PATCH", headers=patch, body=b'{"name": "a"}').status == 200
    assert nginx.ask(item, method="PATCH", headers=patch, body=b'{"name": "b"}').status == 412


def test_address_and_scheme_are_the_clients(nginx: Nginx) -> None:
    seen = nginx.ask("/whoami", headers={"X-Forwarded-For": "6.6.6.6"}).json()

    assert seen == {"client": "127.0.0.1", "url": "https://localhost/whoami"}


def test_request_id_is_the_same_in_answer_and_both_logs(nginx: Nginx, server: Server) -> None:
    answer = nginx.ask("/nowhere")

    request_id = answer.headers["x-request-id"]
    assert answer.json()["request_id"] == request_id
    wait_for_text(nginx.log, request_id)
    wait_for_text(server.log, request_id)


def test_problems_of_the_application_pass_as_they_are(nginx: Nginx) -> None:
    answer = nginx.ask("/nowhere")

    assert answer.status == 404
    assert answer.json()["instance"] == "/nowhere"
    assert answer.headers["content-type"] == "application/problem+json"


def test_limits_of_bodies_agree(nginx: Nginx, server: Server) -> None:
    """What nginx lets pass the application takes too: no byte of difference."""
    json = {"Content-Type": "application/json"}
    most = b'{"name": "%s"}' % (b"x" * (1024 * 1024 - 12))

    assert nginx.ask("/items", method="POST", headers=json, body=most).status == 422
    assert nginx.ask("/items", method="POST", headers=json, body=most + b" ").status == 413


def test_stream_arrives_as_it_is_made(nginx: Nginx, project: Path) -> None:
    """The first lines are there before the last one is made."""
    with nginx.connect() as connection:
        connection.sendall(message("/stream", "GET", "localhost", {}, b""))
        received = b""
        while b"first" not in received:
            data = connection.recv(65536)
            assert data, received
            received += data
        (project / "go-on").touch()
        received += receive(connection)

    assert parse(received).body.split() == [b"row", b"first", b"last"]


def test_export_is_made_as_that_stream(nginx: Nginx, server: Server, item: str) -> None:
    answer = nginx.ask("/items/export")

    assert answer.body.startswith(b"id,name,")
    # nginx keeps the order to itself; that it was given is in the application's answer.
    assert "x-accel-buffering" not in answer.headers
    assert server.get("/items/export").headers["X-Accel-Buffering"] == "no"


def test_websocket(nginx: Nginx) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with connect(f"wss://localhost:{nginx.https}/echo", ssl=context) as socket:
        socket.send("ping")
        answer = socket.recv()

    assert answer == "wss://localhost/echo ping"
