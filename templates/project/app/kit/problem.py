"""Errors as RFC 9457 problems."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
SCHEMAS = "#/components/schemas/"
FAILURES = {"4XX": {"description": "Refused"}, "5XX": {"description": "Failed"}}
MAX_ERRORS = 50
MAX_INSTANCE = 500
INVALID = "The request has values that are missing, wrong or unknown"
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class Problem(BaseModel):
    """The answer to a request that failed (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str


class FieldError(BaseModel):
    """What is wrong with one value of the request."""

    loc: list[str | int]
    msg: str
    type: str


class ValidationProblem(Problem):
    """The answer to a request with wrong values."""

    errors: list[FieldError]


class ProblemError(HTTPException):
    """A refusal. What else the problem should hold is given by name."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(status, detail, headers)
        self.extra = extra


class InvalidValueError(ProblemError):
    """A value of the request is wrong (422), in the form of the framework's errors."""

    def __init__(self, loc: Sequence[str | int], msg: str) -> None:
        error = {"loc": list(loc), "msg": msg, "type": "value_error"}
        super().__init__(422, INVALID, errors=[error])


class NotFoundError(ProblemError):
    """There is no such thing (404)."""

    def __init__(self, what: str) -> None:
        super().__init__(404, f"There is no such {what}")


class StaleError(ProblemError):
    """If-Match names no version that is still current (412)."""

    def __init__(self) -> None:
        super().__init__(412, "It has changed since: read it again")


class ProblemResponse(JSONResponse):
    """A problem as an answer; ASCII, so that it survives any input."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        return json.dumps(content).encode("ascii")


def problem_response(
    scope: Scope,
    status: int,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> ProblemResponse:
    """Make the answer to a failed request; for code that stands before the routes."""
    title = HTTPStatus(status).phrase
    content = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": scope["path"][:MAX_INSTANCE],
        "request_id": scope.get("state", {}).get("request_id", ""),
    }
    return ProblemResponse(content | extra, status, headers)


def error_response(scope: Scope, error: HTTPException) -> ProblemResponse:
    """Make the answer that an HTTPException asks for."""
    extra = error.extra if isinstance(error, ProblemError) else {}
    return problem_response(
        scope, error.status_code, error.detail, error.headers, **extra
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Name refusals for `responses=` of a route; the document describes them."""
    return {status: {} for status in statuses}


def describe_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Document every refusal and failure of a schema as a problem."""
    for path in schema["paths"].values():
        for operation in path.values():
            for status, answer in FAILURES.items():
                operation["responses"].setdefault(status, dict(answer))
            for status, answer in operation["responses"].items():
                if status >= "4":
                    kind = ValidationProblem if status == "422" else Problem
                    content = {"schema": {"$ref": f"{SCHEMAS}{kind.__name__}"}}
                    answer["content"] = {MEDIA_TYPE: content}
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    for model in (Problem, ValidationProblem):
        described = model.model_json_schema(ref_template=SCHEMAS + "{model}")
        components |= described.pop("$defs", {}) | {model.__name__: described}
    return schema


def allowed_methods(request: Request) -> str:
    """Name all methods of the request's path, as `Allow` wants them."""
    app: FastAPI = request.app

    def answers(method: str) -> bool:
        asked = "GET" if method == "HEAD" else method
        scope = {**request.scope, "method": asked}
        return any(route.matches(scope)[0] == Match.FULL for route in app.routes)

    return ", ".join(filter(answers, METHODS))


async def handle_http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    answer = error_response(request.scope, error)
    by_router = not isinstance(error, ProblemError)
    if by_router and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = allowed_methods(request)
    return answer


def describe(errors: Sequence[Any]) -> list[dict[str, Any]]:
    """Say where and what is wrong, without the rejected values."""
    return [
        {"loc": list(error["loc"]), "msg": error["msg"], "type": error["type"]}
        for error in errors[:MAX_ERRORS]
    ]


async def handle_invalid_request(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    return problem_response(
        request.scope,
        422,
        INVALID,
        errors=describe(error.errors()),
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every refusal with a problem."""
    app.add_exception_handler(HTTPException, handle_http_error)
    app.add_exception_handler(RequestValidationError, handle_invalid_request)
