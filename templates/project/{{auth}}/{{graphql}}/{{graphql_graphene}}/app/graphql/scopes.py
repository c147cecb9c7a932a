"""Scopes of fields, named at the head of a class."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from graphene import ObjectType, ResolveInfo

from app.graphql.permission import check_scope

ClassT = TypeVar("ClassT", bound=type[ObjectType])


def needs(scope: str) -> Callable[[ClassT], ClassT]:
    """Ask for a scope at every field of a class of queries or mutations."""

    def guarded(kind: ClassT) -> ClassT:
        for field in kind._meta.fields:
            resolver = getattr(kind, f"resolve_{field}")
            setattr(kind, f"resolve_{field}", guard(resolver, scope))
        return kind

    return guarded


def guard(resolver: Callable[..., Any], scope: str) -> Callable[..., Any]:
    @wraps(resolver)
    def resolve(source: Any, info: ResolveInfo, **given: Any) -> Any:
        check_scope(info.context, scope)
        return resolver(source, info, **given)

    return resolve
