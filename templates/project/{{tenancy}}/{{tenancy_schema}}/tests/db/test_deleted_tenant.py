"""Sessions of a tenant that is deleted while they are used."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db.errors import DatabaseUnavailableError
from app.db.session import tenant_sessions
from app.tenancy.service import Tenants
from app.tenancy.storage import clear
from app.tenant import BARE


async def test_deleted_tenant_is_unavailable(app: FastAPI) -> None:
    tenant = (await Tenants(app).get("acme")).ref
    async with tenant_sessions(app, tenant) as sessions, sessions() as session:
        await clear(app, tenant)

        with pytest.raises(DatabaseUnavailableError):
            await session.execute(text("SELECT * FROM alembic_version"))


async def test_missing_table_elsewhere_is_a_defect(app: FastAPI) -> None:
    opening = tenant_sessions(app, BARE)
    async with opening as sessions, sessions() as session:
        with pytest.raises(ProgrammingError, match="does not exist"):
            await session.execute(text("SELECT * FROM nowhere"))
