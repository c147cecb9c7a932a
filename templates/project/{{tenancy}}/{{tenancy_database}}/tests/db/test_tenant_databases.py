"""Names of the tenants' databases, and the bound on their pools."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.db.errors import DatabaseUnavailableError
from app.db.tenant_databases import TenantPools, database_of
from app.tenant import TenantRef
from tests.conftest import browse


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("sqlite+aiosqlite:////a/t.db", "sqlite+aiosqlite:////a/t.acme.db"),
        ("sqlite+aiosqlite:///t", "sqlite+aiosqlite:///t.acme"),
        ("postgresql+asyncpg://u:p@h/t", "postgresql+asyncpg://u:p@h/t.acme"),
    ],
)
def test_names(url: str, own: str) -> None:
    assert database_of(SecretStr(url), "acme").get_secret_value() == own


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", f"postgresql+asyncpg://h/{'t' * 59}"]
)
def test_names_that_can_not_be(url: str) -> None:
    with pytest.raises(ValueError, match="name"):
        database_of(SecretStr(url), "acme")


def pools(limit: int) -> tuple[TenantPools, TenantRef, TenantRef]:
    url = SecretStr("sqlite+aiosqlite:///t.db")
    first, second = (TenantRef(uuid4(), slug) for slug in ("first", "second"))
    return TenantPools(url, limit), first, second


async def test_pool_in_use_is_not_closed() -> None:
    bounded, first, second = pools(1)

    async with bounded.lease(first) as engine:
        with pytest.raises(DatabaseUnavailableError):
            await bounded.opened(second)
        async with bounded.lease(first) as again:
            assert again is engine
        assert bounded.engines == {first: engine}


async def test_idle_pool_makes_room() -> None:
    bounded, first, second = pools(1)

    async with bounded.lease(first):
        pass
    async with bounded.lease(second) as engine:
        assert bounded.engines == {second: engine}


async def test_no_room_is_unavailable(app: FastAPI) -> None:
    app.state.pools.limit = 0
    await app.state.pools.close()

    async with browse(app) as browser:
        answer = await browser.get("/info")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
