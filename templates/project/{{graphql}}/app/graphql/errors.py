"""Errors of GraphQL: each has a code, and what went wrong inside stays inside."""

import re
from typing import Any

import structlog
from graphql import GraphQLError

BAD_USER_INPUT = "BAD_USER_INPUT"
TOO_COMPLEX = "TOO_COMPLEX"
INTERNAL = "INTERNAL"

SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)

log = structlog.get_logger(__name__)


def failure(code: str, message: str) -> GraphQLError:
    """Make an error that the client is meant to read."""
    return GraphQLError(message, extensions={"code": code})


def is_internal(error: GraphQLError) -> bool:
    """Tell whether a resolver failed in a way that nobody foresaw."""
    cause = error.original_error
    return cause is not None and not isinstance(cause, GraphQLError)


def describe(
    error: GraphQLError, request_id: str, *, suggestions: bool
) -> dict[str, Any]:
    """Return an error as the client sees it; an internal one goes to the log."""
    shown: dict[str, Any] = dict(error.formatted)
    if is_internal(error):
        log.error("field failed", path=error.path, exc_info=error.original_error)
        shown["message"] = "Something went wrong on our side."
        shown["extensions"] = {"code": INTERNAL, "request_id": request_id}
        return shown
    if not suggestions:
        shown["message"] = SUGGESTION.sub("", error.message)
    shown["extensions"] = {"code": BAD_USER_INPUT, **(error.extensions or {})}
    return shown
