"""A generated application behind nginx: what only the two together can show."""

import shutil
from collections.abc import Generator

import pytest

from tests.rooms.conftest import Render
from tests.rooms.nginx.server import Nginx
from tests.rooms.nginx.server import serving as proxying
from tests.rooms.servers import Server, serving

COMMAND = [
    *("python", "-m", "uvicorn", "app.main:app", "--port", "{port}"),
    *("--log-config", "deploy/log_config.json"),
]

# Routes of the user's that tell what the application believes, and read all of a body.
OWN = """

from fastapi import Request


@router.get("/whoami", name="whoami")
async def whoami(request: Request) -> dict[str, str]:
    assert request.client is not None
    return {"client": request.client.host, "url": str(request.url_for("whoami"))}
"""


@pytest.fixture(scope="module")
def server(render: Render, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    project = tmp_path_factory.mktemp("application") / "demo"
    shutil.copytree(render(nginx=True), project)
    with (project / "app/api.py").open("a") as routes:
        routes.write(OWN)
    environment = {"DATABASE_URL": f"sqlite:///{project}/app.db", "LOG_FORMAT": "json"}
    with serving(COMMAND, project, environment) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(
    program: str, render: Render, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx") / "conf"
    upstream = server.url.removeprefix("http://")
    with proxying(program, render(nginx=True), folder, upstream) as nginx:
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
    assert request_id in nginx.log.read_text()
    assert request_id in server.log.read_text()


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


def test_export_is_not_held_back(nginx: Nginx, item: str) -> None:
    answer = nginx.ask("/items/export")

    assert answer.body.startswith(b"id,name,")
    # nginx keeps the order to itself; that it was given is in the application's answer.
    assert "x-accel-buffering" not in answer.headers


def test_export_asks_not_to_be_held_back(server: Server) -> None:
    assert server.get("/items/export").headers["X-Accel-Buffering"] == "no"
