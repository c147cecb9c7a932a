"""Settings that shape the application as a whole."""

import pytest
from httpx2 import AsyncClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import browse

PAGES = ["/docs", "/redoc", "/openapi.json"]


@pytest.mark.parametrize("path", PAGES)
async def test_pages_can_be_switched_off(path: str) -> None:
    async with browse(create_app(Settings(docs_enabled=False))) as client:
        assert (await client.get(path)).status_code == 404


async def test_pages_can_be_moved() -> None:
    app = create_app(Settings(docs_url="/handbook", redoc_url=""))
    async with browse(app) as client:
        assert (await client.get("/handbook")).status_code == 200
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/redoc")).status_code == 404


async def test_body_limit() -> None:
    async with browse(create_app(Settings(max_body_size=3))) as client:
        assert (await client.post("/nope", content=b"four")).status_code == 413


async def test_hosts() -> None:
    app = create_app(Settings(allowed_hosts=["test"]))
    async with browse(app, host="evil.example") as client:
        assert (await client.get("/info")).status_code == 400
        assert (await client.get("/health/live")).status_code == 200


async def test_origins() -> None:
    origin = "https://good.example"
    app = create_app(Settings(cors_origins=[origin]))
    async with browse(app, Origin=origin) as client:
        answer = await client.get("/health/live")

    assert answer.headers["access-control-allow-origin"] == origin


async def test_an_answer_has_all_headers(client: AsyncClient) -> None:
    answer = await client.get("/nope")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
