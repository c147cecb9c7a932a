"""Scopes of fields, named at the head of a class."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from strawberry.extensions import FieldExtension
from strawberry.types import get_object_definition

from app.graphql.errors import failure
from app.graphql.types import Info

UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"

ClassT = TypeVar("ClassT", bound=type)


class ScopeExtension(FieldExtension):
    """Resolve a field for callers with a scope only."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def check(self, info: Info) -> None:
        principal = info.context.principal
        if principal is None:
            raise failure(UNAUTHENTICATED, "This needs a token")
        if self.scope not in principal.scopes:
            raise failure(FORBIDDEN, f"This needs the scope {self.scope}")

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: Info, **given: Any
    ) -> Any:
        self.check(info)
        return next_(source, info, **given)

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: Info,
        **given: Any,
    ) -> Any:
        self.check(info)
        return await next_(source, info, **given)


def needs(scope: str) -> Callable[[ClassT], ClassT]:
    """Ask for a scope at every field of a class of queries or mutations."""

    def guarded(kind: ClassT) -> ClassT:
        for field in get_object_definition(kind, strict=True).fields:
            field.extensions.append(ScopeExtension(scope))
        return kind

    return guarded
