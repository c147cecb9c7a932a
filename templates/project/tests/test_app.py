"""Settings that shape the application as a whole."""

from typing import Any

import pytest
from httpx2 import AsyncClient

from app.kit.body import BodyMiddleware
from app.kit.cors import CORSMiddleware
from app.kit.hosts import HostsMiddleware
from app.middleware import ANY_HOST, middleware
from app.openapi import document
from app.settings import Settings


def options(settings: Settings, layer: object) -> dict[str, Any]:
    """Return what a layer around the routes is told."""
    return next(found.kwargs for found in middleware(settings) if found.cls is layer)


def test_pages_can_be_switched_off() -> None:
    told = document(Settings(docs_enabled=False))

    assert told["openapi_url"] is told["docs_url"] is told["redoc_url"] is None


def test_pages_can_be_moved() -> None:
    told = document(Settings(docs_url="/handbook", redoc_url=""))

    assert told["openapi_url"] == "/openapi.json"
    assert told["docs_url"] == "/handbook"
    assert told["redoc_url"] is None


def test_body_limit() -> None:
    assert options(Settings(max_body_size=3), BodyMiddleware)["max_size"] == 3


def test_hosts() -> None:
    told = options(Settings(allowed_hosts=["a.example"]), HostsMiddleware)

    assert told == {"allowed": ["a.example"], "any_host": ANY_HOST}


def test_origins() -> None:
    origins = ["https://good.example"]

    told = options(Settings(cors_origins=origins), CORSMiddleware)

    assert told == {"origins": origins}


@pytest.mark.parametrize("path", ["/nope", "/health/nope"])
async def test_an_answer_has_all_headers(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "Origin" not in answer.headers.get("vary", "")
