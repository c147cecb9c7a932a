"""PostgreSQL's wall between tenants, met by a role that it binds."""

from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.row_security import UnsafeRoleError, protect_rows
from app.main import create_app
from app.tenancy.service import Tenants

TABLE = "CREATE TABLE {table} (tenant_id uuid NOT NULL, note text)"
NOTES = text("SELECT note FROM notes")


@pytest.fixture
async def connection(app: FastAPI) -> AsyncGenerator[AsyncConnection]:
    """A table of the user's own, and the connection of a plain role that owns it."""
    engine: AsyncEngine = app.state.engine
    role = f"plain_{uuid4().hex}"
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE ROLE {role}"))
        await connection.execute(text(TABLE.format(table="notes")))
        for slug in ("acme", "globex"):
            row = {"tenant": (await Tenants(app).get(slug)).id, "note": slug}
            await connection.execute(
                text("INSERT INTO notes VALUES (:tenant, :note)"), row
            )
        await connection.run_sync(protect_rows)
        await connection.execute(text(f"ALTER TABLE notes OWNER TO {role}"))
        await connection.execute(text(f"SET LOCAL ROLE {role}"))
        yield connection
        await connection.rollback()


async def be(connection: AsyncConnection, tenant: str) -> None:
    setting = text("SELECT set_config('app.tenant', :tenant, true)")
    await connection.execute(setting, {"tenant": tenant})


async def test_a_query_meets_its_tenants_rows(
    app: FastAPI, connection: AsyncConnection
) -> None:
    await be(connection, str((await Tenants(app).get("acme")).id))

    assert list(await connection.scalars(NOTES)) == ["acme"]


@pytest.mark.parametrize("tenant", ["", str(UUID(int=1))])
async def test_without_a_tenant_there_are_no_rows(
    connection: AsyncConnection, tenant: str
) -> None:
    assert list(await connection.scalars(NOTES)) == []

    await be(connection, tenant)
    assert list(await connection.scalars(NOTES)) == []


async def test_rows_of_others_are_not_made(
    app: FastAPI, connection: AsyncConnection
) -> None:
    await be(connection, str((await Tenants(app).get("acme")).id))
    theirs = {"tenant": (await Tenants(app).get("globex")).id}

    with pytest.raises(ProgrammingError, match="row-level security"):
        await connection.execute(
            text("INSERT INTO notes VALUES (:tenant, 'x')"), theirs
        )


async def test_every_owned_table_has_its_policy(app: FastAPI) -> None:
    engine: AsyncEngine = app.state.engine
    unprotected = text(
        "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE attname = 'tenant_id' AND relkind = 'r'"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    async with engine.connect() as connection:
        assert list(await connection.scalars(unprotected)) == []


async def test_production_refuses_a_role_that_goes_round(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("ALLOWED_HOSTS", '["*"]')
    monkeypatch.setenv("TENANCY_BASE_DOMAIN", "example.com")
    app = create_app()

    with pytest.raises(UnsafeRoleError):
        async with app.router.lifespan_context(app):
            pass
