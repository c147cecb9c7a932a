"""The database engine."""

import sqlite3
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from app.db.errors import DatabaseUnavailableError
from app.db.migrations import upgrade
from app.db.session import create_sessions
from app.settings import Settings, settings_of

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

CONNECTIONS = 10  # at once; to open and close more, for a moment each, costs too much

# Seconds, so that a request is refused within five.
WAIT = 2.0  # for a free connection, and to open one
PING = 1.0
FRESH = 0.5  # a connection that was in use so lately needs no ping
LOCK = 3.0
STATEMENT = 4.0  # a long export is many statements
SILENCE = 4.5  # for a server that ends none


def create_engine(url: SecretStr, connections: int = CONNECTIONS) -> AsyncEngine:
    """Make an engine that gives up soon when its database doesn't answer."""
    text = url.get_secret_value()
    is_sqlite = text.startswith("sqlite")
    options: dict[str, Any] = {"timeout": LOCK if is_sqlite else WAIT}
    if not is_sqlite:
        limits = {"lock_timeout": f"{LOCK}s", "statement_timeout": f"{STATEMENT}s"}
        options |= {"command_timeout": SILENCE, "server_settings": limits}
    engine = create_async_engine(
        text,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT,
        hide_parameters=True,
        connect_args=options,
    )
    event.listen(engine.sync_engine, "do_connect", connect)
    if is_sqlite:
        event.listen(engine.sync_engine, "connect", prepare_sqlite)
        event.listen(engine.sync_engine, "savepoint", begin_before_savepoint)
        event.listen(engine.sync_engine, "reset", end_transaction)
    else:
        event.listen(engine.sync_engine, "checkin", note_use)
        event.listen(engine.sync_engine, "checkout", ping)
        event.listen(engine.sync_engine, "handle_error", give_up)
    return engine


def connect(
    dialect: Dialect, record: ConnectionPoolEntry, args: Any, options: Any
) -> Any:
    """Connect; any failure means that the database is not to be reached."""
    try:
        return dialect.connect(*args, **options)
    except Exception as error:
        raise DatabaseUnavailableError from error


def note_use(connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def ping(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
    """Replace a dead or silent connection; the pool's own ping has no bound."""
    driver = connection.driver_connection
    used = record.info.get("used")
    if used is None:
        return
    if driver.is_closed():
        raise DisconnectionError
    if time.monotonic() - used < FRESH:
        return
    try:
        connection.run_async(lambda driver: driver.execute("SELECT", timeout=PING))
    except Exception as error:
        driver.terminate()
        raise DisconnectionError from error


def give_up(context: ExceptionContext) -> DatabaseUnavailableError | None:
    """Discard the connection of a statement that was not answered."""
    if not isinstance(context.original_exception, TimeoutError):
        return None
    if context.connection is not None:
        driver: Any = context.connection.connection.driver_connection
        driver.terminate()
        context.is_disconnect = True
    return DatabaseUnavailableError()


def prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # It stays with the file; while another process writes, a later connection does it.
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def begin_before_savepoint(connection: Connection, name: str) -> None:
    """Put a savepoint into a transaction; else releasing it would commit."""
    driver = connection.connection.driver_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")


def end_transaction(
    connection: Any, record: ConnectionPoolEntry, state: PoolResetState
) -> None:
    """Roll back what a commit that failed has left open; the pool takes it for ended."""
    if state.transaction_was_reset and connection.driver_connection.in_transaction:
        connection.rollback()


@asynccontextmanager
async def database(app: FastAPI) -> AsyncGenerator[None]:
    """Open the connection pool, and close it when the application stops."""
    settings = settings_of(app, Settings)
    url = settings.database_url.get_secret_value()
    if settings.environment == "production" and url.startswith("sqlite"):
        log.warning("SQLite in production: one machine, one writer at a time")
    if settings.is_local:
        await upgrade(settings.owner_url)
    engine = create_engine(settings.database_url)
    app.state.engine = engine
    app.state.sessions = create_sessions(engine)
    try:
        yield
    finally:
        await engine.dispose()
