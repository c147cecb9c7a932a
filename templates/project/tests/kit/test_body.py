import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.types import Message, Receive, Scope, Send

from app.kit.body import (
    BodyMiddleware,
    CrowdedBodyError,
    StrictRequest,
    count_values,
)
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
    ("content", "count"),
    [
        (None, 1),
        ("a,b", 1),
        ([], 1),
        ({}, 1),
        (["", ""], 3),
        ([[], [[]], {}], 5),
        ({"a": 1, "b,[{": {"c": ["x,y", None]}}, 6),
        (['",', "\\", '\\",[', "\\\\", ",,,"], 6),
    ],
    ids=str,
)
@pytest.mark.parametrize("indent", [None, 2])
def test_values_are_counted_as_text(
    content: Any, count: int, indent: int | None
) -> None:
    assert count_values(json.dumps(content, indent=indent).encode()) == count


async def test_fullest_body_is_read(
    things: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kit.body.MAX_JSON_VALUES", 3)

    assert await put(things, '{"name": "a, [b], {c}, d", "size": 1}') == 200


@pytest.mark.parametrize("text", ['{"name": "x", "a": 0, "b": 0}', '[{"a": [], "b'])
async def test_fuller_body_is_refused_unread(
    things: AsyncClient, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("app.kit.body.MAX_JSON_VALUES", 3)

    answer = await things.put(URL, content=text, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "loc": ["body"],
            "msg": "A body may hold 3 values at most",
            "type": "value_error",
        }
    ]


async def test_fuller_body_is_refused_to_whoever_reads_it() -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1")]
    scope = {"type": "http", "http_version": "1.1", "headers": headers}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def send(message: Message) -> None:
        raise AssertionError("It was answered")

    layer = BodyMiddleware(app, max_size=100_000)
    with pytest.raises(CrowdedBodyError):
        await layer(scope, replay("[0" + ",0" * 10_000 + "]"), send)


def replay(text: str) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": text.encode()}

    return receive
