from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.main import create_app
from app.versioning.documents import contract_of
from tests.versioning.pages import DOCS, DOCUMENTS, UNKNOWN


async def read(client: AsyncClient, number: int) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get(DOCUMENTS[number])).json()
    return document


async def test_each_version_shows_its_own_operations(
    client: AsyncClient, app: FastAPI
) -> None:
    one, two = await read(client, 1), await read(client, 2)

    own = {n: set(contract_of(app, n)["paths"]) for n in (1, 2)}
    for path in own[1]:
        assert all(operation["deprecated"] for operation in one["paths"][path].values())
    for path in own[2]:
        assert not any(o.get("deprecated") for o in two["paths"][path].values())
    assert set(one["paths"]) - own[1] == set(two["paths"]) - own[2]
    assert "/versions" in one["paths"]


async def test_operation_ids_are_unique(client: AsyncClient) -> None:
    for number in DOCUMENTS:
        operations = [
            operation["operationId"]
            for path in (await read(client, number))["paths"].values()
            for operation in path.values()
        ]
        assert len(operations) == len(set(operations))


async def test_pages_show_the_document(client: AsyncClient) -> None:
    for number, url in DOCS.items():
        page = await client.get(url)
        assert page.status_code == 200
        assert f"'{DOCUMENTS[number]}'" in page.text


async def test_common_document_is_that_of_the_latest(client: AsyncClient) -> None:
    common = (await client.get("/openapi.json")).json()

    assert common == await read(client, 2)
    assert (await client.get("/docs")).status_code == 200


@pytest.mark.parametrize("url", UNKNOWN)
async def test_unknown_versions(client: AsyncClient, url: str) -> None:
    assert (await client.get(url)).status_code == 404


async def test_behind_a_prefix(app: FastAPI, client: AsyncClient) -> None:
    transport = ASGITransport(app, root_path="/shop")
    base_url = client.base_url.join("/shop")
    async with AsyncClient(transport=transport, base_url=base_url) as behind:
        document = await read(behind, 1)
        page = await behind.get(DOCS[1])

    assert document["servers"] == [{"url": "/shop"}]
    assert f"'/shop{DOCUMENTS[1]}'" in page.text


@pytest.mark.usefixtures("database")
async def test_no_documents_where_docs_are_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCS_ENABLED", "false")
    app = create_app()
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://localhost") as off,
    ):
        for url in (*DOCUMENTS.values(), *DOCS.values()):
            assert (await off.get(url)).status_code == 404
