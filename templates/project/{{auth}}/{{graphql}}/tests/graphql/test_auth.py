from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.conftest import browse
from tests.graphql.asking import ask, data

SERVICE = "{ service { name } }"


async def test_anybody_may_ask_for_what_needs_no_scope(anonymous: AsyncClient) -> None:
    assert await data(anonymous, SERVICE)
    assert "graphiql" in (await anonymous.get("/graphql")).text.lower()


async def test_a_wrong_token_refuses_the_whole_request(app: FastAPI) -> None:
    async with browse(app, authorization="Bearer wrong") as client:
        answers = [await ask(client, SERVICE), await client.get("/graphql")]

    for answer in answers:
        assert answer.status_code == 401
        assert "invalid_token" in answer.headers["WWW-Authenticate"]
