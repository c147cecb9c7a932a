"""Scopes, roles, and the route class that asks for a scope."""

from collections.abc import Callable
from typing import Any

from fastapi import Security
from fastapi.routing import APIRoute

from app.auth.dependencies import REFUSALS, current_principal


def scoped(
    resource: str, *, read: str = "read", write: str = "write"
) -> type[APIRoute]:
    """Make routes that need `<resource>:read` for GET, else `<resource>:write`."""

    class ScopedRoute(APIRoute):
        def __init__(
            self, path: str, endpoint: Callable[..., Any], **options: Any
        ) -> None:
            action = read if options["methods"] == ["GET"] else write
            guard = Security(current_principal, scopes=[f"{resource}:{action}"])
            options["dependencies"] = [guard, *options["dependencies"]]
            options["responses"] = REFUSALS | (options["responses"] or {})
            super().__init__(path, endpoint, **options)

    return ScopedRoute
