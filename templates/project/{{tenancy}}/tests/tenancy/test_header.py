"""Tenants named by a header, behind a gateway."""

from collections.abc import AsyncGenerator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.main import create_app
from tests.conftest import browse
from tests.tenants import create_tenants

SECRET = "the gateway's word"


@pytest.fixture
async def app(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[FastAPI]:
    monkeypatch.setenv("TENANCY_RESOLVER", "header")
    monkeypatch.setenv("TENANCY_HEADER_SECRET", SECRET)
    app = create_app()
    async with app.router.lifespan_context(app):
        await create_tenants(app)
        yield app


@pytest.fixture
async def gateway(app: FastAPI) -> AsyncGenerator[AsyncClient]:
    async with browse(app, "globex.localhost", x_tenant_secret=SECRET) as gateway:
        yield gateway


async def test_header_names_the_tenant(gateway: AsyncClient) -> None:
    answer = await gateway.get("/info", headers={"X-Tenant": "acme"})

    assert answer.status_code == 200
    assert "X-Tenant" in answer.headers["vary"]


@pytest.mark.parametrize("slug", ["nobody", "", "acme ", "acme'", "a" * 300, "-"])
async def test_unknown_names(gateway: AsyncClient, slug: str) -> None:
    answer = await gateway.get("/info", headers={"X-Tenant": slug})

    assert answer.status_code == 404
    assert "X-Tenant" in answer.headers["vary"]


async def test_two_names_are_none(gateway: AsyncClient) -> None:
    names = [("X-Tenant", "acme"), ("X-Tenant", "globex")]

    assert (await gateway.get("/info", headers=names)).status_code == 404


@pytest.mark.parametrize("secret", ["", "the gateway's worD", "é"])
async def test_only_the_gateway_may_name_it(app: FastAPI, secret: str) -> None:
    headers = {b"X-Tenant": b"acme", b"X-Tenant-Secret": secret.encode()}
    async with browse(app) as browser:
        assert (await browser.get("/info", headers=headers)).status_code == 404
        assert (await browser.get("/health/live", headers=headers)).status_code == 200
