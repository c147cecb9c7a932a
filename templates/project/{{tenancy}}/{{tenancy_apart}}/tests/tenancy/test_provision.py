"""Tenants whose storage can't be made."""

import pytest
from fastapi import FastAPI

from app.tenancy.service import Tenants
from app.tenancy.storage import provision
from app.tenant import TenantRef


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
    assert await Tenants(app).active("new")
