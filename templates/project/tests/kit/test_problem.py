import json
from http import HTTPStatus

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from app.kit.logging import configure_logging
from tests.kit.conftest import app


def problem(answer: Response, status: int) -> dict[str, object]:
    content: dict[str, object] = answer.json()
    assert answer.status_code == status == content["status"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == content["request_id"]
    assert content["type"] == "about:blank"
    assert content["title"] == HTTPStatus(status).phrase
    assert {"detail", "instance"} <= content.keys()
    return content


async def test_unknown_path(things: AsyncClient) -> None:
    answer = await things.get("/nope?token=secret")

    assert problem(answer, 404)["instance"] == "/nope"
    assert "allow" not in answer.headers


async def test_slash_at_the_end_is_another_path(things: AsyncClient) -> None:
    problem(await things.get("/things/1/"), 404)


async def test_long_instance_is_cut(things: AsyncClient) -> None:
    content = problem(await things.get("/" + "a" * 3000), 404)

    assert content["instance"] == "/" + "a" * 499


async def test_method_not_allowed_names_all_that_are(things: AsyncClient) -> None:
    answer = await things.request("TRACE", "/any")

    problem(answer, 405)
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


async def test_wrong_value_is_located_and_not_repeated(things: AsyncClient) -> None:
    answer = await things.put("/things/1", json={"name": 5, "size": "SENTINEL"})

    content = problem(answer, 422)
    assert content["errors"] == [
        {
            "loc": ["body", "name"],
            "msg": "Input should be a valid string",
            "type": "string_type",
        },
        {
            "loc": ["body", "size"],
            "msg": "Input should be a valid number, unable to parse string as a number",
            "type": "float_parsing",
        },
    ]


async def test_errors_are_limited(things: AsyncClient) -> None:
    wrong = {f"x{n}": n for n in range(60)}

    answer = await things.put("/strict", json=wrong)

    assert len(answer.json()["errors"]) == 50


async def test_unexpected_error_says_nothing_of_its_cause(
    things: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", "json")

    answer = await things.get("/boom", headers={"X-Request-ID": "boom-1"})

    assert "its log" in str(problem(answer, 500)["detail"])
    assert "cause" not in answer.text
    line = next(
        line for line in capsys.readouterr().err.splitlines() if "Traceback" in line
    )
    logged = json.loads(line)
    assert logged["request_id"] == "boom-1"
    assert "the secret cause" in logged["exception"]


async def test_problem_is_ascii(things: AsyncClient) -> None:
    answer = await things.get("/nöpe\U0001f600")

    problem(answer, 404)
    assert answer.content.isascii()


async def test_broken_stream_does_not_end_like_a_whole_one() -> None:
    transport = ASGITransport(app)

    async with AsyncClient(transport=transport, base_url="http://test") as client:
        with pytest.raises(RuntimeError):
            await client.get("/broken-stream")
