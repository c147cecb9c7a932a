"""GraphQL over HTTP: queries and mutations by POST, queries by GET too.

The library's own view is not used: it answers some malformed bodies with a 500, its
refusals are no problems, and it opens a WebSocket that nothing here needs.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, JSONResponse
from graphql import OperationType

from app.graphql.context import ContextDep
from app.graphql.execution import run
from app.graphql.request import Operation, operation_of_body, operation_of_query
from app.graphql.schema import graphiql
from app.kit.problem import ProblemError, responses

router = APIRouter(prefix="/graphql", tags=["graphql"], responses=responses(400))

BODY = {
    "required": True,
    "content": {"application/json": {"schema": Operation.model_json_schema()}},
}


@router.post("", openapi_extra={"requestBody": BODY})
async def execute(
    operation: Annotated[Operation, Depends(operation_of_body)], context: ContextDep
) -> JSONResponse:
    """Run a query or a mutation."""
    return await run(operation, context, {OperationType.QUERY, OperationType.MUTATION})


@router.get("", responses=responses(404, 405))
async def query(
    operation: Annotated[Operation | None, Depends(operation_of_query)],
    context: ContextDep,
) -> Response:
    """Run a query; without one, show GraphiQL."""
    if operation is not None:
        return await run(operation, context, {OperationType.QUERY})
    if not context.explorable:
        raise ProblemError(404, "There is no query in the URL")
    return HTMLResponse(graphiql())
