from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.items.models import Item
from app.items.service import ItemService
from app.v1.items.schemas import ItemCreate, ItemPatch
from app.versioning.documents import contract_of
from app.versioning.versions import BY_NAME
from tests.versioning.asking import version

LAMP = {"name": "Lamp", "description": "Bright", "price": 9.9}
DEAR = {"amount": "12.00", "currency": "USD"}


@pytest.fixture
async def lamp(client: AsyncClient) -> str:
    """The path of an item with all that version 1 can't see."""
    body = {"name": "Lamp", "price": DEAR, "tags": ["light"]}
    made = await client.post(**version(2, "/items"), json=body)
    return f"/items/{made.json()['id']}"


async def newest(client: AsyncClient, path: str) -> dict[str, Any]:
    item: dict[str, Any] = (await client.get(**version(2, path))).json()
    return item


async def test_item_of_version_1_reads_in_version_2(client: AsyncClient) -> None:
    made = await client.post(**version(1, "/items"), json=LAMP)

    assert made.status_code == 201
    assert made.json()["price"] == 9.9
    assert "tags" not in made.json()
    item = await newest(client, f"/items/{made.json()['id']}")
    assert item["price"] == {"amount": "9.90", "currency": "EUR"}
    assert item["tags"] == []


async def test_location_stays_in_the_version(client: AsyncClient) -> None:
    made = await client.post(**version(1, "/items"), json=LAMP)

    path = version(1, f"/items/{made.json()['id']}")
    assert made.headers["Location"] == path["url"]
    assert (await client.get(**path)).json() == made.json()


async def test_item_of_version_2_reads_in_version_1(
    client: AsyncClient, lamp: str
) -> None:
    item = (await client.get(**version(1, lamp))).json()

    assert item["price"] == 12
    assert item.keys() == {
        "id",
        "name",
        "description",
        "price",
        "created_at",
        "updated_at",
    }


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("PATCH", {"name": "Lantern"}),
        ("PATCH", {"price": 12.5}),
        ("PATCH", {}),
        ("PUT", {"name": "Lantern", "price": 12.5}),
    ],
)
async def test_changes_keep_what_version_1_does_not_know(
    client: AsyncClient, lamp: str, method: str, body: dict[str, Any]
) -> None:
    answer = await client.request(method, **version(1, lamp), json=body)

    assert answer.status_code == 200
    item = await newest(client, lamp)
    assert item["name"] == body.get("name", "Lamp")
    assert item["tags"] == ["light"]
    assert item["price"]["currency"] == "USD"
    assert float(item["price"]["amount"]) == body.get("price", 12)


@pytest.mark.parametrize(
    ("method", "body", "left"),
    [
        ("PUT", {"name": "Lamp", "price": 1}, None),
        ("PATCH", {"description": None}, None),
        ("PATCH", {"name": "Lamp"}, "Bright"),
    ],
)
async def test_description(
    client: AsyncClient, method: str, body: dict[str, Any], left: str | None
) -> None:
    made = (await client.post(**version(1, "/items"), json=LAMP)).json()
    path = version(1, f"/items/{made['id']}")

    answer = await client.request(method, **path, json=body)

    assert answer.json()["description"] == left


@pytest.fixture
def changed_meanwhile(
    client: AsyncClient, lamp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let somebody change the currency just before a change is written."""
    write = ItemService.write

    async def late(items: ItemService, *args: Any) -> Item:
        monkeypatch.setattr(ItemService, "write", write)
        price = {"amount": "12.00", "currency": "CHF"}
        await client.patch(**version(2, lamp), json={"price": price})
        return await items.write(*args)

    monkeypatch.setattr(ItemService, "write", late)


@pytest.mark.usefixtures("changed_meanwhile")
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_currency_that_changes_meanwhile_stays(
    client: AsyncClient, lamp: str, method: str
) -> None:
    answer = await client.request(
        method, **version(1, lamp), json={"name": "Lamp", "price": 1}
    )

    assert answer.json()["price"] == 1
    price = (await newest(client, lamp))["price"]
    assert price == {"amount": "1.00", "currency": "CHF"}


@pytest.fixture
def deleted_meanwhile(
    client: AsyncClient, lamp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let somebody delete the item just before a change is written."""
    write = ItemService.write

    async def late(items: ItemService, *args: Any) -> Item:
        await client.delete(**version(2, lamp))
        return await write(items, *args)

    monkeypatch.setattr(ItemService, "write", late)


@pytest.mark.usefixtures("deleted_meanwhile")
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("tags", [{}, {"if_match": '"v1-1"'}])
async def test_item_that_is_deleted_meanwhile(
    client: AsyncClient, lamp: str, method: str, tags: dict[str, str]
) -> None:
    answer = await client.request(method, **version(1, lamp, **tags), json=LAMP)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"price": {"amount": "1.00", "currency": "EUR"}},
        {"price": "1.00"},
        {"price": True},
        {"price": None},
        {"price": -1},
        {"price": 1.001},
        {"price": 10**10},
        {"tags": []},
        {"name": ""},
        {"name": None},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
async def test_bodies_that_are_wrong(
    client: AsyncClient, lamp: str, method: str, changes: dict[str, Any]
) -> None:
    path = "/items" if method == "POST" else lamp
    body = changes if method == "PATCH" else LAMP | changes

    answer = await client.request(method, **version(1, path), json=body)

    assert answer.status_code == 422


@pytest.mark.parametrize("kind", [ItemCreate, ItemPatch])
def test_example_is_valid(kind: type[ItemCreate] | type[ItemPatch]) -> None:
    (example,) = kind.model_json_schema()["examples"]

    kind.model_validate(example)


@pytest.mark.parametrize("price", [0, 0.07, 5, 9_999_999_999.99])
async def test_prices_are_exact(client: AsyncClient, price: float) -> None:
    made = await client.post(**version(1, "/items"), json=LAMP | {"price": price})

    assert made.json()["price"] == price


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_price_of_minus_zero_is_zero(
    client: AsyncClient, lamp: str, method: str
) -> None:
    path = lamp if method == "PUT" else "/items"
    body = {"name": "Lamp", "price": -0.0}

    made = await client.request(method, **version(1, path), json=body)

    item = await newest(client, f"/items/{made.json()['id']}")
    assert item["price"]["amount"] == "0.00"


async def test_pages(client: AsyncClient) -> None:
    for name in ("a", "b", "c"):
        await client.post(**version(1, "/items"), json=LAMP | {"name": name})

    page = (await client.get(**version(1, "/items"), params={"limit": 2})).json()
    rest = await client.get(
        **version(1, "/items"), params={"cursor": page["next_cursor"]}
    )

    assert [item["name"] for item in page["items"]] == ["c", "b"]
    assert [item["name"] for item in rest.json()["items"]] == ["a"]
    assert page["items"][0]["price"] == 9.9


async def test_fields(client: AsyncClient, lamp: str) -> None:
    some = await client.get(**version(1, lamp), params={"fields": "name,price"})
    unknown = await client.get(**version(1, lamp), params={"fields": "tags"})

    assert some.json() == {"name": "Lamp", "price": 12}
    assert unknown.status_code == 422


async def test_export(client: AsyncClient, lamp: str) -> None:
    lines = (await client.get(**version(1, "/items/export"))).text.splitlines()

    assert lines[0] == "id,name,description,price,created_at,updated_at"
    assert lines[1].split(",")[1:4] == ["Lamp", "", "12.00"]


async def test_tags_of_two_versions_differ(client: AsyncClient, lamp: str) -> None:
    old = (await client.get(**version(1, lamp))).headers["ETag"]
    new = (await client.get(**version(2, lamp))).headers["ETag"]

    known = await client.get(**version(1, lamp, if_none_match=old))
    other = await client.get(**version(1, lamp, if_none_match=new))

    assert known.status_code == 304
    assert other.status_code == 200


async def test_answers_tell_of_the_end(client: AsyncClient, lamp: str) -> None:
    item = await client.get(**version(1, lamp))
    known = await client.get(**version(1, lamp, if_none_match=item.headers["ETag"]))
    early = await client.get(**version(1, lamp, long="x" * 40_000))

    assert early.status_code == 431
    for name, value in BY_NAME["1"].end.items():
        assert item.headers[name] == early.headers[name] == value
    assert 'rel="deprecation"' in item.headers["Link"]
    of_a_body = {"content-length", "content-type"}
    assert set(known.headers) == set(item.headers) - of_a_body
    assert known.headers.get("Vary") == item.headers.get("Vary")


def test_older_prices_are_marked(app: FastAPI) -> None:
    old, new = (contract_of(app, n)["components"]["schemas"] for n in (1, 2))

    for name in ("ItemCreate", "ItemPatch", "ItemRead"):
        assert old[name]["properties"]["price"].get("deprecated")
    forms = new["ItemCreate"]["properties"]["price"]["anyOf"]
    assert [form.get("deprecated", False) for form in forms] == [False, True]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_preconditions(client: AsyncClient, lamp: str, method: str) -> None:
    body = None if method == "DELETE" else LAMP
    old = (await client.get(**version(1, lamp))).headers["ETag"]
    new = (await client.get(**version(2, lamp))).headers["ETag"]

    async def change(tag: str) -> int:
        asked = version(1, lamp, if_match=tag)
        return (await client.request(method, **asked, json=body)).status_code

    assert await change(new) == 412
    assert await change('"v1-7"') == 412
    assert await change(old) == (204 if method == "DELETE" else 200)


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
async def test_unknown_item(client: AsyncClient, method: str) -> None:
    path = "/items/5e0f5c8f-58a4-4d0c-9f53-5f8f6b1c5d0e"
    body = LAMP if method in ("PATCH", "PUT") else None

    answer = await client.request(method, **version(1, path), json=body)

    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_version_2_takes_an_amount_alone(
    client: AsyncClient, lamp: str, method: str
) -> None:
    path = lamp if method == "PUT" else "/items"
    body = {"name": "Lamp", "price": "9.9"}

    answer = await client.request(method, **version(2, path), json=body)

    assert answer.json()["price"] == {"amount": "9.90", "currency": "EUR"}


@pytest.mark.parametrize("price", ["1e2", "", "-1", 9.9])
async def test_version_2_takes_no_other_price(client: AsyncClient, price: Any) -> None:
    body = {"name": "Lamp", "price": price}

    answer = await client.post(**version(2, "/items"), json=body)

    assert answer.status_code == 422


async def test_version_2_changes_no_amount_alone(
    client: AsyncClient, lamp: str
) -> None:
    answer = await client.patch(**version(2, lamp), json={"price": "9.90"})

    assert answer.status_code == 422
    assert (await newest(client, lamp))["price"] == DEAR
