"""Row-level security: PostgreSQL's own wall between tenants, behind the session's."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.settings import Settings, settings_of

# Tables with a tenant's column that have no policy yet, or not for their owner.
UNPROTECTED = text("""
    SELECT c.oid::regclass::text
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'tenant_id' AND NOT a.attisdropped
      AND c.relkind IN ('r', 'p')
      AND c.relnamespace = current_schema()::regnamespace
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'))
""")

# Of the session's role, or of one that it can become.
BYPASSES = text("""
    SELECT bool_or(rolsuper OR rolbypassrls)
    FROM pg_roles
    WHERE pg_has_role(current_user, oid, 'MEMBER')
""")

# After a transaction that set it, the setting is empty instead of null.
OWN = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.db.row_security")


class UnsafeRoleError(Exception):
    """The role of DATABASE_URL goes around row-level security."""


class UnprotectedTablesError(Exception):
    """Tables of tenants' rows have no policy."""


def protect_rows(connection: Connection) -> None:
    """Give each table of tenants' rows its policy, those of later revisions too.

    It holds for the owner as well. Without a tenant a statement meets no row.
    """
    if connection.dialect.name != "postgresql":
        return
    for table in connection.scalars(UNPROTECTED).all():
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS tenant ON {table}",
            f"CREATE POLICY tenant ON {table} USING ({OWN}) WITH CHECK ({OWN})",
        ):
            connection.execute(text(statement))


@asynccontextmanager
async def row_security(app: FastAPI) -> AsyncGenerator[None]:
    """Refuse in production, and else warn of, a role or a table that no policy binds."""
    engine: AsyncEngine = app.state.engine
    if engine.dialect.name == "postgresql":
        in_production = settings_of(app, Settings).environment == "production"
        await check_role(engine, in_production)
        await check_tables(engine, in_production)
    yield


async def check_role(engine: AsyncEngine, in_production: bool) -> None:
    if not await can_bypass(engine):
        return
    if in_production:
        raise UnsafeRoleError(
            "DATABASE_URL names a role that is or can become a superuser or has "
            "BYPASSRLS; use a plain one, and the owner in MIGRATION_DATABASE_URL"
        )
    log.warning("the database role goes around row-level security")


async def check_tables(engine: AsyncEngine, in_production: bool) -> None:
    async with engine.connect() as connection:
        tables = ", ".join(await connection.scalars(UNPROTECTED))
    if not tables:
        return
    if in_production:
        raise UnprotectedTablesError(
            f"No row-level security on {tables}: run `alembic upgrade head` on the "
            "database itself; what --sql writes has no policies"
        )
    log.warning("tables without row-level security", tables=tables)


async def can_bypass(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return bool(await connection.scalar(BYPASSES))
