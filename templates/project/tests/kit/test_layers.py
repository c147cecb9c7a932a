"""Hosts, CORS, security headers and HEAD."""

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Message, Receive, Scope, Send

from app.kit.errors import ErrorsMiddleware
from app.kit.head import HeadMiddleware
from tests.kit.conftest import app

GOOD = "https://good.example"
PREFLIGHT = {"Access-Control-Request-Method": "PUT"}


def test_start_and_stop_pass_all_layers() -> None:
    with TestClient(app, base_url="http://test") as client:
        assert client.get("/things/1").json() == {"number": 1}


@pytest.mark.parametrize("host", ["test", "TEST.:80", "[::1]:80", "a.good.example"])
async def test_own_host(things: AsyncClient, host: str) -> None:
    answer = await things.get("/things/1", headers={"Host": host})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "test.evil", "good.example", "", "test:x", "test:80:80", "[::1]x"],
)
async def test_other_host(things: AsyncClient, host: str) -> None:
    assert (await things.get("/things/1", headers={"Host": host})).status_code == 400
    assert (await things.get("/health", headers={"Host": host})).status_code == 200


async def test_prefix_of_a_proxy_is_no_part_of_the_path() -> None:
    transport = ASGITransport(app, root_path="/api")

    async with AsyncClient(transport=transport, base_url="http://other") as client:
        assert (await client.get("/api/health")).status_code == 200
        assert (await client.get("/api/things/1")).status_code == 400


def test_socket_of_another_host() -> None:
    with (
        TestClient(app, base_url="http://evil.example") as client,
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect("/things"),
    ):
        pass

    assert refusal.value.status_code == 400


async def test_two_hosts(things: AsyncClient) -> None:
    both = [("Host", "test"), ("Host", "evil.example")]

    assert (await things.get("/things/1", headers=both)).status_code == 400


async def test_host_is_asked_first(things: AsyncClient) -> None:
    body = b"x" * 2000

    answer = await things.post("/things", content=body, headers={"Host": "evil"})

    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/things/1", "/nope", "/boom"])
async def test_listed_origin(things: AsyncClient, path: str) -> None:
    answer = await things.get(path, headers={"Origin": GOOD})

    assert answer.headers["access-control-allow-origin"] == GOOD
    assert answer.headers["access-control-allow-credentials"] == "true"
    shown = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Location", "X-Request-ID"} <= set(shown)
    assert answer.headers["vary"] == "Origin"


async def test_preflight(things: AsyncClient) -> None:
    answer = await things.options("/things/1", headers={"Origin": GOOD, **PREFLIGHT})

    assert answer.status_code == 204
    assert "PUT" in answer.headers["access-control-allow-methods"].split(", ")
    assert int(answer.headers["access-control-max-age"]) > 0
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert {"Authorization", "If-Match", "X-Request-ID"} <= set(allowed)


@pytest.mark.parametrize("origin", ["null", "https://good.example.evil", "*"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_other_origin(things: AsyncClient, method: str, origin: str) -> None:
    headers = {"Origin": origin, **PREFLIGHT}

    answer = await things.request(method, "/things/1", headers=headers)

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("path", ["/things/1", "/nope", "/boom"])
async def test_security_headers(things: AsyncClient, path: str) -> None:
    answer = await things.get(path)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    stored = answer.headers.get("cache-control")
    assert stored == (None if answer.is_success else "no-store")


@pytest.mark.parametrize("header", ["Authorization", "Cookie"])
async def test_personal_answer_is_not_stored(things: AsyncClient, header: str) -> None:
    answer = await things.get("/things/1", headers={header: "x"})

    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/things/1", "/nope", "/boom", "/broken-stream"])
async def test_head_is_get_without_its_body(things: AsyncClient, path: str) -> None:
    get, head = await things.get(path), await things.head(path)

    assert head.content == b""
    assert head.status_code == get.status_code
    kept = ("content-type", "content-length")
    assert [head.headers.get(n) for n in kept] == [get.headers.get(n) for n in kept]


async def test_head_ends_at_the_first_part_of_a_body() -> None:
    sent: list[Message] = []

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "HEAD", "headers": []}
    await HeadMiddleware(stream)(scope, receive, send)

    assert sent == [{"type": "http.response.body", "body": b""}]
    assert scope["method"] == "HEAD"


async def test_client_that_leaves_during_its_answer_gets_no_second_one() -> None:
    sent: list[Message] = []
    start: Message = {"type": "http.response.start", "status": 200, "headers": []}

    async def leave(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start)
        raise ClientDisconnect

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await ErrorsMiddleware(leave)({"type": "http"}, receive, send)

    assert sent == [start]
