from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.main import create_app
from app.versioning.documents import contract_of
from app.versioning.versions import LATEST, VERSIONS
from tests.versioning.pages import DOCS, DOCUMENTS, UNKNOWN


async def read(client: AsyncClient, number: int) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get(DOCUMENTS[number])).json()
    return document


async def test_each_version_shows_its_own_operations(
    client: AsyncClient, app: FastAPI
) -> None:
    documents = [await read(client, version.number) for version in VERSIONS]
    own = [set(contract_of(app, version.number)["paths"]) for version in VERSIONS]

    for version, document, paths in zip(VERSIONS, documents, own, strict=True):
        operations = [one for path in paths for one in document["paths"][path].values()]
        assert operations
        for operation in operations:
            assert operation.get("deprecated", False) == bool(version.deprecated)
        others = set(document["paths"]) - paths
        assert others == set(documents[-1]["paths"]) - own[-1]
        assert "/versions" in others


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
        assert f"version {number}" in page.text
        assert "/docs/oauth2-redirect'" in page.text


async def test_common_document_is_that_of_the_latest(client: AsyncClient) -> None:
    common = (await client.get("/openapi.json")).json()

    assert common == await read(client, LATEST)
    assert (await client.get("/docs")).status_code == 200


@pytest.mark.parametrize("url", UNKNOWN)
async def test_unknown_versions(client: AsyncClient, url: str) -> None:
    assert (await client.get(url)).status_code == 404


async def test_behind_a_prefix(app: FastAPI, client: AsyncClient) -> None:
    transport = ASGITransport(app, root_path="/shop")
    base_url = client.base_url.join("/shop")
    async with AsyncClient(transport=transport, base_url=base_url) as behind:
        document = await read(behind, LATEST)
        page = await behind.get(DOCS[LATEST])

    assert document["servers"] == [{"url": "/shop"}]
    assert f"'/shop{DOCUMENTS[LATEST]}'" in page.text


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
