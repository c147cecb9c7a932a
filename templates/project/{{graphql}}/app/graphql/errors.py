"""Errors of GraphQL: each has a code, and what went wrong inside stays inside."""

import re
from typing import Any

import structlog
from graphql import GraphQLError
from graphql.validation.validate import ValidationAbortedError
from starlette.exceptions import HTTPException

UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"
NOT_FOUND = "NOT_FOUND"
BAD_USER_INPUT = "BAD_USER_INPUT"
TOO_COMPLEX = "TOO_COMPLEX"
INTERNAL = "INTERNAL"

CODES = {401: UNAUTHENTICATED, 403: FORBIDDEN, 404: NOT_FOUND}
SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)

log = structlog.get_logger(__name__)


def failure(code: str, message: str) -> GraphQLError:
    """Make an error that the client is meant to read."""
    return GraphQLError(message, extensions={"code": code})


def cause_of(error: GraphQLError) -> Exception | None:
    """Return what a resolver raised, if it was not meant for the client."""
    cause = error.original_error
    return None if isinstance(cause, GraphQLError) else cause


def refusal_of(error: GraphQLError) -> HTTPException | None:
    """Return the refusal of a service, which REST would answer with a problem."""
    cause = cause_of(error)
    if isinstance(cause, HTTPException) and cause.status_code < 500:
        return cause
    return None


def describe(
    error: GraphQLError, request_id: str, *, suggestions: bool
) -> dict[str, Any]:
    """Return an error as the client sees it; what failed inside goes to the log."""
    shown: dict[str, Any] = dict(error.formatted)
    if refusal := refusal_of(error):
        code = CODES.get(refusal.status_code, BAD_USER_INPUT)
        return shown | {"message": refusal.detail, "extensions": {"code": code}}
    if cause := cause_of(error):
        log.error("field failed", path=error.path, exc_info=cause)
        shown["message"] = "Something went wrong on our side."
        shown["extensions"] = {"code": INTERNAL, "request_id": request_id}
        return shown
    if not suggestions:
        shown["message"] = SUGGESTION.sub("", error.message)
    aborted = isinstance(error, ValidationAbortedError)
    code = TOO_COMPLEX if aborted else BAD_USER_INPUT
    shown["extensions"] = {"code": code, **(error.extensions or {})}
    return shown
