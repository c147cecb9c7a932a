import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from app.tenancy.current import CurrentTenant
from app.tenancy.service import Tenants
from tests.conftest import browse

PATH = "/info"  # a tenant's host and the bare domain have it


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


@pytest.mark.parametrize(
    ("host", "served"), [("acme.localhost", True), ("nobody.localhost", False)]
)
def test_web_sockets_have_a_tenant_too(app: FastAPI, host: str, served: bool) -> None:
    @app.websocket("/whoami")
    async def who(socket: WebSocket, tenant: CurrentTenant) -> None:
        await socket.accept()
        await socket.send_text(tenant.slug)
        await socket.close()

    client = TestClient(app, base_url=f"http://{host}")
    if served:
        with client.websocket_connect("/whoami", headers={"Host": host}) as socket:
            assert socket.receive_text() == "acme"
        return
    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect("/whoami", headers={"Host": host}),
    ):
        pass
    assert refusal.value.status_code == 404
