"""The engine behind a tenant's sessions, which look into the tenant's schema."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import SessionTransaction

from app.db.errors import DatabaseUnavailableError
from app.db.schemas import quoted
from app.db.tenant_session import TenantSession
from app.tenant import BARE, TenantRef

MISSING = ("3F000", "42P01")  # a schema, a table
SET_PATH = "SELECT set_config('search_path', $1, true)"


@asynccontextmanager
async def tenant_engine(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[AsyncEngine]:
    yield app.state.engine


@event.listens_for(TenantSession, "after_begin")
def enter_schema(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    """Look for tables in the tenant's schema alone, until the transaction ends."""
    tenant = None if session.tenant == BARE else session.tenant
    connection.info["in_schema"] = tenant is not None
    if tenant is not None:
        connection.exec_driver_sql(SET_PATH, (quoted(tenant.slug),))


@event.listens_for(Engine, "handle_error")
def miss_schema(context: ExceptionContext) -> DatabaseUnavailableError | None:
    """Take what a tenant's schema lacks for away: the tenant is deleted, or behind."""
    connection = context.connection
    missing = getattr(context.original_exception, "sqlstate", None) in MISSING
    if missing and connection is not None and connection.info.get("in_schema"):
        return DatabaseUnavailableError()
    return None
