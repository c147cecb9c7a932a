"""Databases that are not to be reached, as answers."""

import structlog
from fastapi import FastAPI, Request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.kit.problem import ProblemResponse, problem_response

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")
# A lost race, a deadlock, a lock, a long statement.
GIVEN_UP = ("40001", "40P01", "55P03", "57014")


class DatabaseUnavailableError(Exception):
    """The database can't be reached, or not in time."""


def is_unavailable(error: Exception) -> bool:
    """Tell whether an exception means that trying again later may help."""
    if isinstance(error, DBAPIError):
        reason = getattr(error.orig, "sqlite_errorname", "")
        given_up = getattr(error.orig, "sqlstate", "") in GIVEN_UP
        return error.connection_invalidated or reason.startswith(LOCKED) or given_up
    return isinstance(error, DatabaseUnavailableError | PoolTimeoutError)


async def handle_database_error(request: Request, error: Exception) -> ProblemResponse:
    if not is_unavailable(error):
        raise error
    log.warning("database unavailable", exc_info=error)
    return problem_response(
        request.scope,
        503,
        "The database can't answer at the moment",
        {"Retry-After": "5"},
    )


def add_database_handlers(app: FastAPI) -> None:
    """Answer 503 while the database is away."""
    for kind in (DatabaseUnavailableError, PoolTimeoutError, DBAPIError):
        app.add_exception_handler(kind, handle_database_error)
