"""Tenants whose tables aren't there yet."""

from fastapi import FastAPI

from app.db.session import shared_sessions
from app.tenancy.models import Tenant
from app.tenancy.service import Tenants
from app.tenancy.storage import provision
from tests.conftest import browse


async def test_tenant_that_is_behind(app: FastAPI) -> None:
    async with shared_sessions(app).begin() as session:
        session.add(Tenant(slug="behind"))

    async with browse(app, "behind.localhost") as behind, browse(app) as acme:
        answer = await behind.get("/info")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await behind.get("/health/live")).status_code == 200
        assert (await acme.get("/info")).status_code == 200

        await provision(app, (await Tenants(app).get("behind")).ref)
        assert (await behind.get("/info")).status_code == 200
