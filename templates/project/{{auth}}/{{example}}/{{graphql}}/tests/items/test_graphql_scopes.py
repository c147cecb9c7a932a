from collections.abc import Sequence
from typing import Any

import pytest
from graphql import (
    DefinitionNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    parse,
)
from httpx2 import AsyncClient

from app.graphql.schema import sdl
from tests.graphql.asking import ask, code

ROOTS = ("Query", "Mutation")
PUBLIC = {"service"}
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


def fields_of(document: str) -> set[str]:
    """Return the fields that a document asks for, or a schema has, at the top."""
    return {
        field.name.value
        for definition in parse(document).definitions
        for field in top(definition)
    }


def top(definition: DefinitionNode) -> Sequence[Any]:
    if isinstance(definition, OperationDefinitionNode):
        return definition.selection_set.selections
    if isinstance(definition, ObjectTypeDefinitionNode):
        return (definition.fields or ()) if definition.name.value in ROOTS else ()
    return ()


def test_every_field_is_tried() -> None:
    """A field that anybody may ask for is named in PUBLIC."""
    tried = set().union(*map(fields_of, [*QUERIES, *MUTATIONS]))

    assert tried | PUBLIC == fields_of(sdl())


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
