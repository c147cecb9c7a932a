"""Headers that are made to cost time."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request, WebSocket
from starlette.testclient import TestClient, WebSocketDenialResponse

from app.kit.headers import MAX_SIZE
from app.kit.problem import add_problem_handlers
from tests.kit.conftest import LAYERS

BACKSLASHES = "\\" * 15_000
COOKIES = {"Cookie": f'a=1; b="{BACKSLASHES}"; {BACKSLASHES}; c="3"'}

app = FastAPI(middleware=LAYERS)
add_problem_handlers(app)


@app.get("/sizes")
async def read_sizes(request: Request) -> int:
    return sum(len(name) + len(value) for name, value in request.headers.raw)


@app.get("/cookies")
async def read_cookies(request: Request) -> dict[str, str]:
    return request.cookies


@app.websocket("/cookies")
async def send_cookies(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_json(socket.cookies)


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app, base_url="http://test") as client:
        yield client


def test_cookies_with_backslashes_are_not_read(client: TestClient) -> None:
    answer = client.get("/cookies", headers=COOKIES)

    assert answer.json() == {"a": "1", "c": "3"}


def test_socket_reads_none_either(client: TestClient) -> None:
    headers = {"Host": "test", **COOKIES}

    with client.websocket_connect("/cookies", headers=headers) as socket:
        assert socket.receive_json() == {"a": "1", "c": "3"}


def test_longest_headers(client: TestClient) -> None:
    size = client.get("/sizes", headers={"Long": ""}).json()
    longest = {"Long": "x" * (MAX_SIZE - size)}
    longer = {"Long": "x" * (MAX_SIZE - size + 1)}

    assert client.get("/sizes", headers=longest).json() == MAX_SIZE
    answer = client.get("/sizes", headers=longer)

    assert answer.status_code == 431
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_longer_headers_of_a_socket(client: TestClient) -> None:
    longer = {"Long": "x" * MAX_SIZE}

    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        client.websocket_connect("/cookies", headers=longer),
    ):
        pass

    assert refusal.value.status_code == 431
