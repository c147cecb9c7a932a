from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Message
from starlette.websockets import WebSocket

from app.main import create_app
from app.tenancy.service import Tenants
from app.tenant import CurrentTenant
from tests.conftest import browse

PATH = "/info"  # a tenant's host and the bare domain have it


@pytest.fixture
def application(database: str) -> FastAPI:
    """Belongs to one test, as some add routes."""
    return create_app()


async def status_at(app: FastAPI, host: str, path: str = PATH) -> int:
    async with browse(app) as browser:
        answer = await browser.get(path, headers={"Host": host})
    return answer.status_code


@pytest.mark.parametrize(
    "host", ["acme.localhost", "ACME.LocalHost:8000", "acme.localhost.:80"]
)
async def test_tenant_is_served(app: FastAPI, host: str) -> None:
    @app.get("/whoami")
    async def who(tenant: CurrentTenant) -> str:
        return tenant.slug

    async with browse(app) as browser:
        answer = await browser.get("/whoami", headers={"Host": host})

    assert answer.json() == "acme"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "-acme.localhost",
        ".localhost",
        "a'b.localhost",
        "acme",
        "acme..localhost",
        "acme.globex.localhost",
        "acme.localhost..",
        "acme.localhost.evil.example",
        "acme_.localhost",
        "acme%2elocalhost",
        "acmelocalhost",
        "evil.example",
        "nobody.localhost",
        "-.localhost",
        "x" * 300 + ".localhost",
    ],
)
async def test_other_hosts_are_nobodys(app: FastAPI, host: str) -> None:
    assert await status_at(app, host) == 404


async def test_forwarded_hosts_are_not_read(app: FastAPI) -> None:
    lies = {"x_forwarded_host": "acme.localhost", "forwarded": "host=acme.localhost"}
    async with browse(app, "nobody.localhost", **lies) as browser:
        assert (await browser.get(PATH)).status_code == 404


async def test_two_hosts_are_none(app: FastAPI) -> None:
    hosts = [("Host", "acme.localhost"), ("Host", "globex.localhost")]
    async with browse(app) as browser:
        assert (await browser.get(PATH, headers=hosts)).status_code == 404


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_probes_answer_on_any_host(app: FastAPI, path: str) -> None:
    assert await status_at(app, "10.0.0.1", path) == 200


@pytest.mark.parametrize("path", ["/info", "/health"])
async def test_bare_domain_serves(app: FastAPI, path: str) -> None:
    assert await status_at(app, "localhost", path) == 200


async def test_prefix_of_a_proxy_is_no_part_of_the_path(app: FastAPI) -> None:
    transport = ASGITransport(app, root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://localhost") as browser:
        assert (await browser.get("/shop/docs")).status_code == 200
        assert (await browser.get("/shop/info")).status_code == 200
        assert (await browser.get("/shop/nothing")).status_code == 404
        probe = await browser.get("/shop/health/live", headers={"Host": "10.0.0.1"})
        assert probe.status_code == 200


async def test_bare_domain_has_no_resources(app: FastAPI) -> None:
    @app.get("/things")
    async def things() -> None:
        """Any resource of a tenant."""

    assert await status_at(app, "localhost", "/things") == 404
    assert await status_at(app, "acme.localhost", "/things") == 200


async def test_suspended_tenant_is_not_served(app: FastAPI) -> None:
    await Tenants(app).suspend("acme")
    assert await status_at(app, "acme.localhost") == 404

    await Tenants(app).resume("acme")
    assert await status_at(app, "acme.localhost") == 200


async def connect(app: FastAPI, host: str) -> list[Any]:
    """Open a web socket; return what the application sends."""
    sent: list[Any] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "path": "/whoami",
        "raw_path": b"/whoami",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host.encode())],
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
    }
    await app(scope, receive, send)
    return sent


async def test_web_sockets_have_a_tenant_too(app: FastAPI) -> None:
    @app.websocket("/whoami")
    async def who(socket: WebSocket, tenant: CurrentTenant) -> None:
        await socket.accept()
        await socket.send_text(tenant.slug)
        await socket.close()

    _, told, _ = await connect(app, "acme.localhost")
    refusal = await connect(app, "nobody.localhost")

    assert told["text"] == "acme"
    assert refusal[0]["status"] == 404
