"""Tenants, logins and metrics of a real application under Gunicorn, through nginx."""

import shutil
import sys
from collections.abc import Generator
from urllib.parse import urlencode

import pytest

from tests.rooms.conftest import Render
from tests.rooms.nginx.server import Answer, Nginx
from tests.rooms.nginx.server import serving as proxying
from tests.rooms.nginx.test_application import COMMAND
from tests.rooms.nginx.test_proxy import problem
from tests.rooms.servers import Server, plain_environment, serving
from tests.rooms.services import run

PASSWORD = "correct horse battery staple"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def server(render: Render, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    project = tmp_path_factory.mktemp("tenants") / "demo"
    features = dict.fromkeys(("nginx", "gunicorn", "auth", "tenancy", "metrics"), True)
    shutil.copytree(render(**features), project)
    environment = {
        "BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "DATABASE_URL": f"sqlite:///{project}/app.db",
        "SECRET_KEY": "b2xkIHNlY3JldHMgYXJlIG5vIHNlY3JldHMgYXQgYWxs",
        "AUTH_REGISTRATION": "open",
        "TMPDIR": str(project.parent),
    }
    for slug in ("acme", "globex"):
        tenancy = (sys.executable, "-m", "app.tenancy", "create", slug)
        run(*tenancy, cwd=project, env=plain_environment() | environment)
    with serving(COMMAND, project, environment) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(program: str, server: Server) -> Generator[Nginx]:
    project = server.log.parent
    upstream = server.url.removeprefix("http://")
    with proxying(program, project, project.parent / "conf", upstream, read_timeout=60) as nginx:
        yield nginx


def log_in(nginx: Nginx, host: str, password: str = PASSWORD) -> Answer:
    form = urlencode({"username": "ann@example.com", "password": password}).encode()
    return nginx.ask("/auth/token", method="POST", host=host, headers=FORM, body=form)


@pytest.fixture(scope="module")
def bearer(nginx: Nginx) -> dict[str, str]:
    """The token of a user of acme."""
    who = f'{{"email": "ann@example.com", "password": "{PASSWORD}"}}'.encode()
    made = nginx.ask("/auth/register", method="POST", host="acme.localhost", headers=JSON, body=who)
    assert made.status == 201, made.body
    token = log_in(nginx, "acme.localhost").json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_host_reaches_its_tenant(nginx: Nginx, bearer: dict[str, str]) -> None:
    item = b'{"name": "lamp", "price": {"amount": "9.90", "currency": "EUR"}}'
    made = nginx.ask(
        "/items", method="POST", host="acme.localhost", headers=bearer | JSON, body=item
    )
    path = made.headers["location"]

    assert nginx.ask(path, host="acme.localhost", headers=bearer).status == 200
    assert nginx.ask(path, host="ACME.localhost.:443", headers=bearer).status == 200
    assert nginx.ask(path, host="globex.localhost", headers=bearer).status == 401
    assert nginx.ask("/items", host="nobody.localhost", headers=bearer).status == 404
    forged = bearer | {"X-Forwarded-Host": "acme.localhost", "Forwarded": "host=acme.localhost"}
    assert nginx.ask(path, host="globex.localhost", headers=forged).status == 401


def test_metrics_are_there_but_not_outside(nginx: Nginx, server: Server) -> None:
    assert "http_requests_total" in server.get("/metrics").text
    for target in ("/metrics", "//metrics/", "/%6Detrics"):
        for host in ("localhost", "acme.localhost"):
            problem(nginx.ask(target, host=host), 404)


@pytest.mark.usefixtures("bearer")
def test_burst_of_logins_is_refused(nginx: Nginx) -> None:
    answers = [log_in(nginx, "acme.localhost", "wrong password!") for _ in range(16)]

    refused = [answer for answer in answers if answer.headers.get("retry-after") == "10"]
    assert refused
    problem(refused[-1], 429)
