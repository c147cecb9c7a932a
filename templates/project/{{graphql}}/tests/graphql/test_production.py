import pytest
from fastapi import FastAPI
from graphql import get_introspection_query
from httpx2 import AsyncClient

from app.settings import Settings, settings_of
from tests.graphql.asking import ask, code, data


@pytest.fixture(autouse=True)
def in_production(app: FastAPI) -> None:
    settings = settings_of(app, Settings)
    app.state.settings[Settings] = settings.model_copy(
        update={"environment": "production"}
    )


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(),
        "{ __schema { queryType { name } } }",
        '{ ...f } fragment f on Query { a: __type(name: "Query") { name } }',
    ],
)
async def test_no_introspection(client: AsyncClient, query: str) -> None:
    answer = await ask(client, query)

    assert code(answer) == "BAD_USER_INPUT"
    assert "data" not in answer.json()


async def test_no_suggestions(client: AsyncClient) -> None:
    for query in ("{ servic { name } }", "query ($v: Strin) { __typename }"):
        answer = await ask(client, query)
        assert code(answer) == "BAD_USER_INPUT"
        assert "Did you mean" not in answer.text


async def test_no_page(client: AsyncClient) -> None:
    answer = await client.get("/graphql", headers={"Accept": "text/html"})

    assert answer.status_code == 404


async def test_queries_go_on(client: AsyncClient) -> None:
    assert await data(client, "{ __typename }") == {"__typename": "Query"}
