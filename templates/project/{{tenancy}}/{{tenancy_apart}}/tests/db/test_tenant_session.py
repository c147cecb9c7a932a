"""Without a tenant there are the shared tables alone."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Column, Integer, MetaData, Table, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.base import Base
from app.db.session import shared_sessions, tenant_sessions
from app.tenancy.models import Tenant
from app.tenancy.service import Tenants
from app.tenant import NoTenantError

# Outside the metadata that the migrations are held against.
NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True))


class Note(Base):
    __table__ = NOTES


@pytest.fixture
async def shared(app: FastAPI) -> AsyncGenerator[AsyncSession]:
    async with shared_sessions(app)() as session:
        yield session


@pytest.mark.parametrize(
    "statement",
    [
        select(Note),
        select(NOTES),
        select(Tenant).where(Tenant.id.in_(select(NOTES.c.id))),
        delete(Note),
        text("SELECT 1"),
    ],
)
async def test_nothing_of_tenants_is_read(shared: AsyncSession, statement: Any) -> None:
    with pytest.raises(NoTenantError):
        await shared.execute(statement)


async def test_nothing_of_tenants_is_written(shared: AsyncSession) -> None:
    shared.add(Note())

    with pytest.raises(NoTenantError):
        await shared.flush()


async def test_shared_tables_are_read(shared: AsyncSession) -> None:
    assert await shared.scalar(select(Tenant.slug).where(Tenant.slug == "acme"))


async def test_sql_as_text_stays_with_the_tenant(app: FastAPI) -> None:
    for slug in ("acme", "globex"):
        opening = tenant_sessions(app, (await Tenants(app).get(slug)).ref)
        async with opening as sessions, sessions.begin() as session:
            await session.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY)"))
            count = await session.scalar(text("SELECT count(*) FROM notes"))
            session.add(Note(id=1))

        assert count == 0
