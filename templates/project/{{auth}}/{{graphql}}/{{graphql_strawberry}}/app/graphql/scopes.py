"""Scopes of fields, named at the head of a class."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from strawberry.extensions import FieldExtension
from strawberry.types import get_object_definition

from app.graphql.permission import check_scope
from app.graphql.types import Info

ClassT = TypeVar("ClassT", bound=type)


class ScopeExtension(FieldExtension):
    """Resolve a field for callers with a scope only."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: Info, **given: Any
    ) -> Any:
        check_scope(info.context, self.scope)
        return next_(source, info, **given)

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: Info,
        **given: Any,
    ) -> Any:
        check_scope(info.context, self.scope)
        return await next_(source, info, **given)


def needs(scope: str) -> Callable[[ClassT], ClassT]:
    """Ask for a scope at every field of a class of queries or mutations."""

    def guarded(kind: ClassT) -> ClassT:
        for field in get_object_definition(kind, strict=True).fields:
            field.extensions.append(ScopeExtension(scope))
        return kind

    return guarded
