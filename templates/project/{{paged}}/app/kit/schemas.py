"""What all bodies have in common."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from app.kit.problem import InvalidValueError

ModelT = TypeVar("ModelT", bound=BaseModel)
FieldsDependency = Callable[..., Awaitable[frozenset[str] | None]]


class Body(BaseModel):
    """A body that the API takes: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def may_be_absent() -> Any:
    """Let a field be left out; unlike None as its default, this doesn't take null."""
    return Field(default_factory=lambda: None)


def fields_of(model: type[BaseModel]) -> FieldsDependency:
    """Make the dependency that reads `?fields=a,b`: names of a model's fields."""

    async def chosen(
        fields: Annotated[str | None, Query(description="Only these fields")] = None,
    ) -> frozenset[str] | None:
        if fields is None:
            return None
        names = frozenset(fields.split(","))
        if names - set(model.model_fields):
            raise InvalidValueError(["query", "fields"], "There is no such field")
        return names

    return chosen


def only(view: ModelT, fields: frozenset[str]) -> ModelT:
    """Leave all but some fields unset, for `response_model_exclude_unset`."""
    return view.model_construct(set(fields), **{n: getattr(view, n) for n in fields})
