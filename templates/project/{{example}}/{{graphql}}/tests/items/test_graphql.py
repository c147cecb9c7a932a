from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient
from sqlalchemy import Engine, event

from app.db.errors import DatabaseUnavailableError
from app.items.service import ItemService
from tests.graphql.asking import ask, code, data
from tests.graphql.test_limits import BOMBS
from tests.items.over_graphql import READ, create, failing

CHOSEN = "{ id name description price { amount currency } tags }"
PAGE = """
    query ($first: Int! = 20, $after: String) {
      items(first: $first, after: $after) {
        edges { cursor node { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
"""


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What is sent to the items' table while the test runs."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "items" in statement:
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


async def test_item_is_the_one_of_rest(client: AsyncClient) -> None:
    made = await create(client)

    found = (await data(client, READ, id=made["id"]))["item"]

    assert found.pop("createdAt") == made.pop("created_at").replace("Z", "+00:00")
    assert found.pop("updatedAt") == made.pop("updated_at").replace("Z", "+00:00")
    assert found == made


@pytest.mark.parametrize("unknown", [str(UUID(int=1)), "none", ""])
async def test_unknown_item_is_null(client: AsyncClient, unknown: str) -> None:
    assert await data(client, READ, id=unknown) == {"item": None}


async def test_pages_are_those_of_rest(client: AsyncClient) -> None:
    made = [(await create(client, name=f"{n}"))["id"] for n in range(5)]

    seen: list[str] = []
    after = None
    sizes: list[int] = []
    while not sizes or after:
        page = (await data(client, PAGE, first=2, after=after))["items"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        sizes.append(len(page["edges"]))
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        more = page["pageInfo"]["hasNextPage"]
        after = page["pageInfo"]["endCursor"] if more else None

    assert seen == made[::-1]
    assert sizes == [2, 2, 1]


async def test_each_edge_has_its_place(client: AsyncClient) -> None:
    for n in range(3):
        await create(client, name=f"{n}")

    edges = (await data(client, PAGE))["items"]["edges"]

    for n, edge in enumerate(edges, 1):
        rest = await data(client, PAGE, after=edge["cursor"])
        assert rest["items"]["edges"] == edges[n:]


async def test_no_items_have_no_cursor(client: AsyncClient) -> None:
    page = await data(client, "{ items { pageInfo { hasNextPage endCursor } } }")

    assert page["items"]["pageInfo"] == {"hasNextPage": False, "endCursor": None}


async def test_pages_have_twenty_by_default(client: AsyncClient) -> None:
    for n in range(21):
        await create(client, name=f"{n}")

    page = (await data(client, "{ items { edges { cursor } } }"))["items"]

    assert len(page["edges"]) == 20


@pytest.mark.parametrize(
    "asked",
    [{"first": 0}, {"first": -1}, {"first": 101}, {"first": 1, "after": "none"}],
)
async def test_pages_that_are_none(client: AsyncClient, asked: dict[str, Any]) -> None:
    assert code(await ask(client, PAGE, **asked)) == "BAD_USER_INPUT"


async def test_pages_of_a_request_count_together(client: AsyncClient) -> None:
    pages = [f"p{n}: items(first: $first)" for n in range(9)]
    pages += [f"q{n}: items" for n in range(6)]  # of twenty each
    query = " ".join(f"{page} {{ edges {{ cursor }} }}" for page in pages)
    query = "query ($first: Int!) { " + query + " }"

    answer = await ask(client, query, first=98)

    assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")
    assert await data(client, query, first=97)


async def test_one_statement_a_level(
    client: AsyncClient, statements: list[str]
) -> None:
    made = [await create(client) for _ in range(10)]
    wanted = [f'i{n}: item(id: "{item["id"]}")' for n, item in enumerate(made)]
    statements.clear()

    found = await data(
        client,
        "{ items { edges { node { name } } } "
        + " ".join(f"{one} {CHOSEN}" for one in wanted)
        + " }",
    )

    assert [found[f"i{n}"]["id"] for n in range(10)] == [item["id"] for item in made]
    assert len(statements) == 2


@pytest.mark.parametrize("count", [1, 100])
async def test_one_statement_however_many_items(
    client: AsyncClient, statements: list[str], count: int
) -> None:
    for n in range(count):
        await create(client, name=f"{n}")
    statements.clear()

    page = (
        await data(client, "{ items(first: 100) { edges { node " + CHOSEN + " } } }")
    )["items"]

    assert len(page["edges"]) == count
    assert len(statements) == 1


async def test_failures_inside_stay_inside(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail = failing(RuntimeError("the secret"))
    monkeypatch.setattr("app.graphql.items.operations.load_items", fail)

    both = READ.replace("{", "{ service { name }", 1)
    answer = await ask(client, both, id=str(uuid4()))

    assert answer.json()["data"]["service"]
    error = answer.json()["errors"][0]
    assert error["extensions"] == {
        "code": "INTERNAL",
        "request_id": answer.headers["X-Request-ID"],
    }
    assert "secret" not in answer.text


async def test_a_database_that_is_away(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ItemService, "list", failing(DatabaseUnavailableError()))

    answer = await ask(client, "{ items { edges { cursor } } }")

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
async def test_bombs_reach_no_item(
    client: AsyncClient, statements: list[str], query: str
) -> None:
    await ask(client, query.replace("__typename", "items { edges { cursor } }"))

    assert statements == []
