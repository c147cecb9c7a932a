import json

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.about import NAME, VERSION
from tests.graphql.asking import ask, code, data

QUERY = json.dumps({"query": "{ __typename }"})
TWO = "query A { __typename } query B { __typename }"


async def test_query_by_post(client: AsyncClient) -> None:
    assert await data(client, "{ __typename }") == {"__typename": "Query"}


async def test_service_tells_what_it_is(client: AsyncClient) -> None:
    found = await data(client, "{ service { name version } }")

    assert found == {"service": {"name": NAME, "version": VERSION}}


async def test_query_by_get(client: AsyncClient) -> None:
    answer = await client.get(
        "/graphql",
        params={
            "query": "query A($yes: Boolean!) { __typename @include(if: $yes) }",
            "operationName": "A",
            "variables": '{"yes": true}',
            "extensions": "{}",
        },
    )

    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"{ __typename }"',
        b"5",
        b'{"query": "\xff"}',
        b"[" + QUERY.encode() + b"]",
        b"[" + b",".join([QUERY.encode()] * 100) + b"]",
        b"{}",
        b'{"query": null}',
        b'{"query": 5}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "operationName": 5}',
        b'{"query": "{ __typename }", "operationName": "B"}',
        b'{"query": "{ __typename }", "variables": {"n": NaN}}',
        b'{"query": "{ __typename }", "variables": {"n": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ __typename }", "variables": ' + b"[" * 100_000 + b"}",
        json.dumps({"query": TWO}).encode(),
    ],
    ids=lambda body: body[:40].decode(errors="replace"),
)
async def test_other_bodies_are_refused(client: AsyncClient, body: bytes) -> None:
    answer = await client.post(
        "/graphql", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_wrong_members_are_named(client: AsyncClient) -> None:
    asked = {"query": "{ __typename }", "variables": [], "operationName": 5}

    answer = await client.post("/graphql", json=asked)

    assert answer.json()["detail"].endswith(": operationName, variables")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
    ],
)
async def test_other_media_types_are_refused(
    client: AsyncClient, media_type: str
) -> None:
    answer = await client.post(
        "/graphql", content=QUERY, headers={"Content-Type": media_type}
    )

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_charset_of_json_is_accepted(client: AsyncClient) -> None:
    answer = await client.post(
        "/graphql",
        content=QUERY,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("variables", ["{", "[]", '{"n": NaN}', '{"n": "\\u0000"}'])
async def test_variables_of_get_are_json(client: AsyncClient, variables: str) -> None:
    answer = await client.get(
        "/graphql", params={"query": "{ __typename }", "variables": variables}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("bound", [5, 100_000])
async def test_variables_without_end(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    monkeypatch.setattr("app.kit.body.MAX_JSON_VALUES", bound)

    answer = await ask(client, "{ __typename }", all=[[]] * 10_000)

    assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")


async def test_variables_of_get_without_end(client: AsyncClient) -> None:
    variables = "[0" + ",0" * 10_000 + "]"

    answer = await client.get(
        "/graphql", params={"query": "{ __typename }", "variables": variables}
    )

    assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("mutation { __typename }", None),
        ("query A { __typename } mutation B { __typename }", "B"),
    ],
)
async def test_get_does_not_mutate(
    client: AsyncClient, query: str, name: str | None
) -> None:
    asked = {"query": query} | ({"operationName": name} if name else {})

    answer = await client.get("/graphql", params=asked)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


async def test_subscriptions_are_refused(client: AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "subscription { a }"})

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "query", ["{", "", "{ __typenam }", 'query { a(b: "\\u0000") }']
)
async def test_documents_that_are_wrong(client: AsyncClient, query: str) -> None:
    answer = await client.post("/graphql", json={"query": query})

    assert answer.status_code == 400
    assert "data" not in answer.json()
    assert code(answer) == "BAD_USER_INPUT"


async def test_explorable_outside_production(client: AsyncClient) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html"})
    schema = await data(client, "{ __schema { queryType { name } } }")
    hint = await client.post("/graphql", json={"query": "{ servic { name } }"})

    assert "graphiql" in page.text.lower()
    assert schema == {"__schema": {"queryType": {"name": "Query"}}}
    assert "Did you mean" in hint.text


def test_operations_are_documented(app: FastAPI) -> None:
    documented = app.openapi()["paths"]["/graphql"]
    query, execute = documented["get"], documented["post"]

    assert query["operationId"] == "graphql_query"
    assert {"400", "404", "405"} <= query["responses"].keys()
    assert execute["operationId"] == "graphql_execute"
    assert execute["requestBody"]["required"]
    body = execute["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["query"]
    assert "operationName" in body["properties"]
