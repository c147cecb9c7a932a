from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.types import Message, Receive

from app.kit.body import BodyMiddleware, StrictRequest, count_values
from app.kit.problem import ProblemError

JSON = {"Content-Type": "application/json"}
URL = "/things/1"


async def put(client: AsyncClient, text: str) -> int:
    answer = await client.put(URL, content=text.encode(), headers=JSON)
    return answer.status_code


async def test_largest_body_is_read(things: AsyncClient) -> None:
    assert await put(things, '{"name": "%s"}' % ("x" * (1000 - 12))) == 200


async def test_announced_size_is_refused_unread() -> None:
    scope = {"type": "http", "headers": [(b"content-length", b"1001")]}

    async def unread() -> Message:
        raise AssertionError("The body was read")

    with pytest.raises(ProblemError) as refusal:
        await StrictRequest(scope, unread, max_size=1000).body()

    assert refusal.value.status_code == 413


async def test_larger_body_is_refused(things: AsyncClient) -> None:
    assert await put(things, '{"name": "%s"}' % ("x" * (1000 - 11))) == 413


@pytest.mark.parametrize("path", [URL, "/nope", "/health"])
async def test_larger_body_is_refused_without_a_length(
    things: AsyncClient, path: str
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    answer = await things.put(path, content=chunks(), headers=JSON)

    assert answer.status_code == 413


async def test_larger_body_is_refused_that_http_2_does_not_announce() -> None:
    scope = {"type": "http", "http_version": "2", "headers": []}

    async def send(message: Message) -> None:
        raise AssertionError("It was answered")

    layer = BodyMiddleware(app=FastAPI(), max_size=1000)
    with pytest.raises(ProblemError) as refusal:
        await layer(scope, replay("x" * 1001), send)

    assert refusal.value.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/jsonish", "x", None])
async def test_other_than_json_is_refused(
    things: AsyncClient, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}

    answer = await things.put(URL, content=b'{"name": "x"}', headers=headers)

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/merge-patch+json"]
)
async def test_kinds_of_json_are_read(things: AsyncClient, kind: str) -> None:
    answer = await things.put(
        URL, content=b'{"name": "x"}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "text",
    ["{", "NaN", '{"size": 1e999}', '{"size": -Infinity}', "\ufeff{}"],
)
async def test_no_json(things: AsyncClient, text: str) -> None:
    assert await put(things, text) == 400


async def test_no_utf_8(things: AsyncClient) -> None:
    answer = await things.put(URL, content=b'{"name": "\xff"}', headers=JSON)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        r'{"name": "a\u0000"}',
        r'{"name": "\ud800"}',
        r'{"name": "x", "\udfff": 1}',
        r'{"name": "x", "deep": [{"er": ["\u0000"]}]}',
    ],
)
async def test_text_that_no_database_stores(things: AsyncClient, text: str) -> None:
    answer = await things.put(URL, content=text, headers=JSON)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["loc"], error["type"]) == (["body"], "value_error")


async def test_whole_surrogate_pair_is_text(things: AsyncClient) -> None:
    assert await put(things, r'{"name": "\ud83d\ude00"}') == 200


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 200_000])
async def test_what_exhausts_a_parser(text: str) -> None:
    scope = {"type": "http", "headers": []}

    with pytest.raises(ProblemError) as refusal:
        await StrictRequest(scope, replay(text), 1_000_000).json()

    assert refusal.value.status_code == 400


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("null", 1),
        ("[ [], [[\n]], { } ]", 5),
        (r'{"b,[{": {"c": ["\\", "\",[", ""]}}', 6),
    ],
)
def test_values_are_counted(text: str, count: int) -> None:
    assert count_values(text.encode()) == count


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"name": "a, [b], {c}, d", "size": 1}', 200),
        ('{"name": "x", "a": 0, "b": 0}', 422),
        ('[{"a": [], "b', 422),
    ],
)
async def test_body_of_too_many_values_is_not_read(
    things: AsyncClient, monkeypatch: pytest.MonkeyPatch, text: str, status: int
) -> None:
    monkeypatch.setattr("app.kit.body.MAX_JSON_VALUES", 3)

    assert await put(things, text) == status


def replay(text: str) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": text.encode()}

    return receive
