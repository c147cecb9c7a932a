"""The way of an operation from its text to the answer."""

from collections.abc import Iterable, Sequence, Set
from typing import Any

from fastapi.responses import JSONResponse
from graphql import DocumentNode, GraphQLError, OperationType, get_operation_ast

from app.db.errors import is_unavailable
from app.graphql.context import Context
from app.graphql.errors import cause_of, describe
from app.graphql.limits import check_answer, check_limits, parse_limited
from app.graphql.request import Operation
from app.graphql.schema import PAGE_SIZES, execute
from app.kit.problem import ProblemError


async def run(
    operation: Operation, context: Context, allowed: Set[OperationType]
) -> JSONResponse:
    """Run an operation; 400 when it is refused, and then it has changed nothing."""
    try:
        document = parse_limited(operation.query)
        chosen = choose(document, operation.operation_name, allowed)
        check_limits(document, operation.variables or {}, PAGE_SIZES)
    except GraphQLError as error:
        return answer(400, context, None, [error])
    data, errors = await execute(operation, document, context)
    if data is None and not any(error.path for error in errors):
        return answer(400, context, None, errors)
    causes = list(filter(None, map(cause_of, errors)))
    raise_unavailable(causes)
    if chosen is OperationType.MUTATION and (causes or data is None):
        await context.session.rollback()
        data = None
    try:
        check_answer(data)
    except GraphQLError as error:
        await context.session.rollback()
        return answer(400, context, None, [error])
    return answer(200, context, data, errors)


def choose(
    document: DocumentNode, name: str | None, allowed: Set[OperationType]
) -> OperationType:
    """Return the type of the operation that `name` picks, or refuse it."""
    chosen = get_operation_ast(document, name)
    if chosen is None:
        raise ProblemError(400, "operationName must name one operation of the document")
    if chosen.operation not in allowed:
        raise ProblemError(
            405, f"A {chosen.operation.value} is not taken here", {"Allow": "POST"}
        )
    return chosen.operation


def raise_unavailable(causes: Iterable[Exception]) -> None:
    """Let an unreachable database be the answer to the whole request."""
    for cause in causes:
        if is_unavailable(cause):
            raise cause


def answer(
    status: int,
    context: Context,
    data: dict[str, Any] | None,
    errors: Sequence[GraphQLError],
) -> JSONResponse:
    body: dict[str, Any] = {} if status == 400 else {"data": data}
    if errors:
        body["errors"] = [
            describe(error, context.request_id, suggestions=context.explorable)
            for error in errors
        ]
    return JSONResponse(body, status)
