"""Tenants whose storage can't be made."""

import pytest
from fastapi import FastAPI

from app.tenancy.service import Tenants
from app.tenancy.storage import provision
from app.tenant import TenantRef


async def test_tenant_is_served_once_its_storage_is_there(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[TenantRef | None] = []

    async def note(app: FastAPI, tenant: TenantRef) -> None:
        served.append(await app.state.served_tenants.find(tenant.slug))
        await provision(app, tenant)

    monkeypatch.setattr("app.tenancy.service.provision", note)
    tenant = await Tenants(app).create("new")

    assert served == [None]
    assert await app.state.served_tenants.find("new") == tenant.ref


async def test_tenant_whose_storage_fails_is_none(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(app: FastAPI, tenant: TenantRef) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("app.tenancy.service.provision", fail)
    with pytest.raises(OSError, match="no space left"):
        await Tenants(app).create("new")
    assert await Tenants(app).find("new") is None

    monkeypatch.setattr("app.tenancy.service.provision", provision)
    await Tenants(app).create("new")
    assert await app.state.served_tenants.find("new")
