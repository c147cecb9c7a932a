"""Settings that shape the application as a whole."""

import pytest
from httpx2 import AsyncClient

from app.main import create_app
from app.openapi import document
from app.settings import Settings, settings_of


def test_given_settings_stand_for_those_of_the_environment() -> None:
    settings = Settings(docs_url="/handbook")

    app = create_app(settings)

    assert settings_of(app, Settings) is settings
    assert app.docs_url == "/handbook"


def test_pages_can_be_switched_off() -> None:
    told = document(Settings(docs_enabled=False))

    assert told["openapi_url"] is told["docs_url"] is told["redoc_url"] is None


def test_pages_can_be_moved() -> None:
    told = document(Settings(docs_url="/handbook", redoc_url=""))

    assert told["openapi_url"] == "/openapi.json"
    assert told["docs_url"] == "/handbook"
    assert told["swagger_ui_oauth2_redirect_url"] == "/handbook/oauth2-redirect"
    assert told["redoc_url"] is None


@pytest.mark.parametrize("path", ["/nope", "/health/live/"])
async def test_an_answer_has_all_headers(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "Origin" not in answer.headers.get("vary", "")
