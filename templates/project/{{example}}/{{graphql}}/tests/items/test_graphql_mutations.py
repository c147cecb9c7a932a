from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient

from app.graphql.errors import failure
from app.items.service import ItemService
from tests.graphql.asking import ask, code, data
from tests.items.over_graphql import LAMP, READ, URL, create, failing, read

CREATE = """
    mutation ($input: ItemInput!) {
      createItem(input: $input) {
        __typename
        ... on Item { name description price { amount } tags }
        ... on InvalidInput { message errors { path message } }
      }
    }
"""
UPDATE = """
    mutation ($id: ID!, $input: ItemPatch!, $ifMatch: String) {
      updateItem(id: $id, input: $input, ifMatch: $ifMatch) {
        __typename
        ... on Item { name description price { amount } tags }
        ... on InvalidInput { errors { path message } }
      }
    }
"""
DELETE = """
    mutation ($id: ID!, $ifMatch: String) {
      deleteItem(id: $id, ifMatch: $ifMatch) {
        __typename
        ... on DeletedItem { id }
      }
    }
"""


async def test_create(client: AsyncClient) -> None:
    made = await data(client, CREATE, input=LAMP)

    assert made["createItem"] == {
        "__typename": "Item",
        "name": "Lamp",
        "description": "Bright",
        "price": {"amount": "9.90"},
        "tags": ["light"],
    }


async def test_create_needs_little(client: AsyncClient) -> None:
    made = await data(client, CREATE, input={"name": "Lamp", "price": LAMP["price"]})

    assert made["createItem"]["description"] is None
    assert made["createItem"]["tags"] == []


async def test_create_says_what_is_wrong(client: AsyncClient) -> None:
    price = {"amount": "1e2", "currency": "EUR"}

    made = await data(client, CREATE, input=LAMP | {"name": "", "price": price})

    assert made["createItem"]["__typename"] == "InvalidInput"
    paths = [error["path"] for error in made["createItem"]["errors"]]
    assert paths == [["name"], ["price", "amount"]]


async def test_update_keeps_what_is_left_out(client: AsyncClient) -> None:
    made = await create(client)

    changed = await data(client, UPDATE, id=made["id"], input={"name": "Lantern"})

    assert changed["updateItem"]["__typename"] == "Item"
    for name in ("description", "price", "tags"):
        assert (await read(client, made))[name] == made[name]
    assert (await read(client, made))["name"] == "Lantern"


async def test_update_clears_by_null(client: AsyncClient) -> None:
    made = await create(client)

    await data(client, UPDATE, id=made["id"], input={"description": None})

    assert (await read(client, made))["description"] is None
    assert (await read(client, made))["name"] == "Lamp"


@pytest.mark.parametrize("name", ["name", "price", "tags"])
async def test_update_does_not_clear_the_rest(client: AsyncClient, name: str) -> None:
    made = await create(client)

    answer = await data(client, UPDATE, id=made["id"], input={name: None})

    assert answer["updateItem"]["__typename"] == "InvalidInput"
    assert [error["path"] for error in answer["updateItem"]["errors"]] == [[name]]


async def test_stale_changes_are_conflicts(client: AsyncClient) -> None:
    made = await create(client)
    asked = {"id": made["id"], "ifMatch": made["etag"]}
    fresh = await data(client, UPDATE, input={"name": "Lantern"}, **asked)

    stale = await data(client, UPDATE, input={"name": "Candle"}, **asked)
    kept = await data(client, DELETE, **asked)

    assert fresh["updateItem"]["__typename"] == "Item"
    assert stale["updateItem"]["__typename"] == "Conflict"
    assert kept["deleteItem"]["__typename"] == "Conflict"
    assert (await read(client, made))["name"] == "Lantern"


@pytest.mark.parametrize("tag", ["", "none"])
async def test_what_is_no_tag_is_stale(client: AsyncClient, tag: str) -> None:
    asked = {"id": (await create(client))["id"], "ifMatch": tag}

    changed = await data(client, UPDATE, input={"name": "Candle"}, **asked)
    gone = await data(client, DELETE, **asked)

    assert changed["updateItem"]["__typename"] == "Conflict"
    assert gone["deleteItem"]["__typename"] == "Conflict"


async def test_delete(client: AsyncClient) -> None:
    made = await create(client)

    gone = await data(client, DELETE, id=made["id"])

    assert gone["deleteItem"] == {"__typename": "DeletedItem", "id": made["id"]}
    assert await data(client, READ, id=made["id"]) == {"item": None}


@pytest.mark.parametrize("unknown", [str(UUID(int=1)), "none"])
async def test_changes_of_unknown_items(client: AsyncClient, unknown: str) -> None:
    changed = await data(client, UPDATE, id=unknown, input={})
    gone = await data(client, DELETE, id=unknown)

    assert changed["updateItem"]["__typename"] == "NotFound"
    assert gone["deleteItem"]["__typename"] == "NotFound"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (RuntimeError("the secret"), "INTERNAL"),
        (failure("FORBIDDEN", "no"), "FORBIDDEN"),
    ],
)
async def test_a_failure_undoes_the_whole_request(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, error: Exception, shown: str
) -> None:
    monkeypatch.setattr(ItemService, "delete", failing(error))
    create = "createItem(input: $input) { __typename }"
    delete = f'deleteItem(id: "{uuid4()}") ' + "{ __typename }"

    answer = await ask(
        client,
        "mutation ($input: ItemInput!) { " + f"{create} {delete}" + " }",
        input=LAMP,
    )

    assert answer.json()["data"] is None
    assert code(answer) == shown
    assert (await client.get(URL)).json()["items"] == []


async def test_an_answer_that_is_too_large_undoes_the_whole_request(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.graphql.limits.MAX_ANSWER_SIZE", 9)

    answer = await ask(client, CREATE, input=LAMP)

    assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")
    assert (await client.get(URL)).json()["items"] == []


async def test_text_that_no_database_can_store(client: AsyncClient) -> None:
    made = 'createItem(input: { name: "a\\u0000b", price: $price }) { __typename }'

    answer = await ask(
        client,
        "mutation ($price: PriceInput!) { " + made + " }",
        price=LAMP["price"],
    )

    assert code(answer) == "BAD_USER_INPUT"
