"""Outcomes that every resource has, beside its own."""

from graphene import Boolean, List, NonNull, ObjectType, String
from pydantic import ValidationError


class NotFound(ObjectType):
    message = String(required=True)


class Conflict(ObjectType):
    message = String(required=True)

    class Meta:
        description = "ifMatch was stale"


class FieldError(ObjectType):
    path = List(NonNull(String), required=True)
    message = String(required=True)


class InvalidInput(ObjectType):
    message = String(required=True)
    errors = List(NonNull(FieldError), required=True)

    @classmethod
    def of(cls, error: ValidationError) -> "InvalidInput":
        return cls(
            message="The input has values that are wrong",
            errors=[
                FieldError(
                    path=[str(part) for part in detail["loc"]], message=detail["msg"]
                )
                for detail in error.errors()
            ],
        )


class PageInfo(ObjectType):
    has_next_page = Boolean(required=True)
    end_cursor = String()
