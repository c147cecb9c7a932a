"""PostgreSQL's wall between tenants, met by a role that it binds."""

from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import row_security
from app.db.engine import create_engine
from app.db.row_security import (
    BYPASSES,
    UnprotectedTablesError,
    UnsafeRoleError,
    protect_rows,
)
from app.db.session import create_sessions
from app.db.url import normalised
from app.main import create_app
from app.tenancy.service import Tenants
from app.tenant import TenantRef

TENANT = text("SELECT current_setting('app.tenant', true)")
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


@pytest.mark.parametrize(
    "damage",
    [
        "DROP POLICY tenant ON notes",
        "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_lost_protection_comes_back(
    app: FastAPI, connection: AsyncConnection, damage: str
) -> None:
    await connection.execute(text(damage))
    await connection.run_sync(protect_rows)

    assert list(await connection.scalars(NOTES)) == []
    await be(connection, str((await Tenants(app).get("acme")).id))
    assert list(await connection.scalars(NOTES)) == ["acme"]


async def test_partitioned_tables_are_protected(app: FastAPI) -> None:
    engine: AsyncEngine = app.state.engine
    async with engine.connect() as connection:
        table = TABLE.format(table="parts") + " PARTITION BY LIST (note)"
        await connection.execute(text(table))
        await connection.run_sync(protect_rows)

        policies = text(
            "SELECT polname FROM pg_policy WHERE polrelid = 'parts'::regclass"
        )
        assert await connection.scalar(policies) == "tenant"


async def test_a_session_names_its_tenant_until_its_transaction_ends(
    database: str,
) -> None:
    engine = create_engine(normalised(SecretStr(database)), connections=1)
    tenant = TenantRef(uuid4(), "acme")
    everybody = {"all_tenants": True}

    async with create_sessions(engine, tenant).begin() as session:
        named = await session.scalar(TENANT, execution_options=everybody)
    async with engine.connect() as connection:
        later = await connection.scalar(TENANT)

    assert named == str(tenant.id)
    assert not later
    await engine.dispose()


async def test_every_owned_table_has_its_policy(app: FastAPI) -> None:
    engine: AsyncEngine = app.state.engine
    unprotected = text(
        "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE attname = 'tenant_id' AND relkind = 'r'"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    async with engine.connect() as connection:
        assert list(await connection.scalars(unprotected)) == []


@pytest.mark.parametrize(
    ("kind", "bypasses"),
    [
        ("NOSUPERUSER", False),
        ("SUPERUSER", True),
        ("BYPASSRLS", True),
        ("IN ROLE {boss}", True),
    ],
)
async def test_roles_that_go_round(app: FastAPI, kind: str, bypasses: bool) -> None:
    engine: AsyncEngine = app.state.engine
    boss, role = f"boss_{uuid4().hex}", f"role_{uuid4().hex}"
    async with engine.connect() as connection:
        for statement in (
            f"CREATE ROLE {boss} BYPASSRLS",
            f"CREATE ROLE {role} {kind.format(boss=boss)}",
            f"SET LOCAL ROLE {role}",
        ):
            await connection.execute(text(statement))

        assert await connection.scalar(BYPASSES) is bypasses


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, database: str) -> FastAPI:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("ALLOWED_HOSTS", '["*"]')
    monkeypatch.setenv("TENANCY_BASE_DOMAIN", "example.com")
    return create_app()


async def test_production_refuses_a_role_that_goes_round(production: FastAPI) -> None:
    with pytest.raises(UnsafeRoleError):
        async with production.router.lifespan_context(production):
            pass


async def test_production_refuses_a_table_without_a_policy(
    production: FastAPI, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_plain(engine: AsyncEngine) -> bool:
        return False

    monkeypatch.setattr(row_security, "can_bypass", is_plain)
    engine = create_engine(normalised(SecretStr(database)))
    async with engine.begin() as connection:
        await connection.execute(text(TABLE.format(table="made_by_hand")))
    try:
        with pytest.raises(UnprotectedTablesError, match="made_by_hand"):
            async with production.router.lifespan_context(production):
                pass
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("DROP TABLE made_by_hand"))
        await engine.dispose()
