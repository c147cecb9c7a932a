import pytest
from httpx2 import AsyncClient

from tests.graphql.asking import ask, code

QUERIES = [
    "{ items { edges { cursor } } }",
    '{ item(id: "5e0f5c8f-58a4-4d0c-9f53-5f8f6b1c5d0e") { id } }',
]
INPUT = '{ name: "x", price: { amount: "1.00", currency: "EUR" } }'
MUTATIONS = [
    "mutation { createItem(input: " + INPUT + ") { __typename } }",
    'mutation { updateItem(id: "1", input: {}) { __typename } }',
    'mutation { deleteItem(id: "1") { __typename } }',
]


@pytest.mark.parametrize("query", [*QUERIES, *MUTATIONS])
async def test_items_need_a_token(anonymous: AsyncClient, query: str) -> None:
    assert code(await ask(anonymous, query)) == "UNAUTHENTICATED"


@pytest.mark.parametrize("query", MUTATIONS)
async def test_changes_need_the_scope_to_write(reader: AsyncClient, query: str) -> None:
    assert code(await ask(reader, query)) == "FORBIDDEN"


@pytest.mark.parametrize("query", QUERIES)
async def test_the_scope_to_read_reads(reader: AsyncClient, query: str) -> None:
    assert "errors" not in (await ask(reader, query)).json()


async def test_one_refused_field_leaves_the_others(anonymous: AsyncClient) -> None:
    answer = await ask(anonymous, '{ service { name } item(id: "1") { id } }')

    assert answer.json()["data"]["item"] is None
    assert answer.json()["data"]["service"]
    assert code(answer) == "UNAUTHENTICATED"
