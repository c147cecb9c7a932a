"""Reads one GraphQL operation: JSON in the body of a POST, or the query of a GET."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from app.graphql.errors import TOO_COMPLEX, failure
from app.kit.body import CrowdedBodyError, count_values, strings, unstorable
from app.kit.problem import ProblemError

MAX_VALUES = 10_000


class Operation(BaseModel):
    """What a client asks for, as GraphQL over HTTP names it."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = Field(None, alias="operationName")
    extensions: dict[str, Any] | None = None


async def operation_of_body(request: Request) -> Operation:
    """Read the body; whatever is not one operation in JSON is refused with 400."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise refused("GraphQL is taken as application/json")
    try:
        body = await request.body()
    except CrowdedBodyError:
        raise crowded() from None
    return parse(read_json(body))


def operation_of_query(request: Request) -> Operation | None:
    """Read the URL's query; without a `query` in it there is no operation."""
    given: dict[str, Any] = dict(request.query_params)
    if "query" not in given:
        return None
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = read_json(given[name].encode())
    return parse(given)


def read_json(text: bytes) -> Any:
    if count_values(text) > MAX_VALUES:
        raise crowded()
    try:
        content = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise refused("This is not JSON") from error
    if any(map(unstorable, strings(content))):
        raise refused("Text must not hold NUL")
    return content


def parse(value: Any) -> Operation:
    try:
        return Operation.model_validate(value)
    except ValidationError as error:
        places = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
        at = f": {', '.join(sorted(places))}" if places else ""
        raise refused(f"This is not one GraphQL operation{at}") from error


def crowded() -> ProblemError:
    """Refuse as a limit does, with a code."""
    detail = f"JSON may hold {MAX_VALUES} values at most"
    return ProblemError(400, detail, errors=[failure(TOO_COMPLEX, detail).formatted])


def refused(detail: str) -> ProblemError:
    return ProblemError(400, detail)
