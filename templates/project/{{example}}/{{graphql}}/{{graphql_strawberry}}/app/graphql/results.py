"""Outcomes that every resource has, beside its own."""

import strawberry
from pydantic import ValidationError


@strawberry.type
class NotFound:
    message: str


@strawberry.type(description="ifMatch was stale")
class Conflict:
    message: str


@strawberry.type
class FieldError:
    path: list[str]
    message: str


@strawberry.type
class InvalidInput:
    message: str
    errors: list[FieldError]

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


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None
