import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.about import NAME, VERSION
from app.health.probes import PROBES


async def broken(app: FastAPI) -> str:
    raise RuntimeError("postgresql://user:secret@host")


@pytest.mark.parametrize("path", ["/health", "/health/live"])
async def test_live(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.json() == {"status": "ok"}


async def test_ready(client: AsyncClient) -> None:
    answer = await client.get("/health/ready")

    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(PROBES, "ok")}


async def test_broken_dependency(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROBES, "database", broken)

    answer = await client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "down"
    assert "secret" not in answer.text


def test_unready_is_documented(app: FastAPI) -> None:
    assert "503" in app.openapi()["paths"]["/health/ready"]["get"]["responses"]


async def test_info(client: AsyncClient) -> None:
    answer = await client.get("/info")

    told = {"name": NAME, "version": VERSION, "environment": "test"}
    assert answer.json() == told
