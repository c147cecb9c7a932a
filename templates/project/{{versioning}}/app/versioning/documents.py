"""What a version looks like from outside, as OpenAPI."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app.kit.problem import describe_problems
from app.versioning.selection import version_of


def document_of(app: FastAPI, number: int) -> dict[str, Any]:
    """Describe a version: its own routes, and those that have no versions."""
    routes = [
        route
        for route in iter_route_contexts(app.routes)
        if version_of(route) in (None, number)
    ]
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        contact=app.contact,
        tags=app.openapi_tags,
        routes=routes,
    )
    return describe_problems(document)


def contract_of(app: FastAPI, number: int) -> dict[str, Any]:
    """Describe what clients of a version rely on: the shapes of its own routes.

    Refusals and guards are left out: they change with the service, not the version.
    """
    routes = [
        route
        for route in iter_route_contexts(app.routes)
        if version_of(route) == number
    ]
    contract = get_openapi(title="API", version=str(number), routes=routes)
    for operations in contract["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
            for status in [code for code in operation["responses"] if code >= "4"]:
                del operation["responses"][status]
    schemas = contract.pop("components", {}).get("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return contract | {"components": {"schemas": schemas}}
