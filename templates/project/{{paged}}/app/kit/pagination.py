"""Pages of rows, newest first, by keyset: no row is missed or repeated."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator

from app.kit.problem import InvalidValueError

MAX_CURSOR = 200


def digits_only(value: object) -> object:
    """Refuse what else is read as a number: `1_0`, `5.0`, spaces, other digits."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,9}", value):
        raise ValueError("must be a whole number")
    return value


Limit = Annotated[int, Query(ge=1, le=100), BeforeValidator(digits_only)]
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Cursor:
    """The place after one row of a list."""

    created_at: datetime
    id: UUID

    def encode(self) -> str:
        place = json.dumps([self.created_at.isoformat(), self.id.hex])
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read a cursor; raises InvalidValueError for what no page has given out."""
        try:
            if len(text) > MAX_CURSOR:
                raise ValueError
            padded = text + "=" * (-len(text) % 4)
            place = base64.b64decode(padded, altchars=b"-_", validate=True)
            created_at, row_id = json.loads(place)
            moment = datetime.fromisoformat(created_at)
            if moment.utcoffset() is None:
                raise ValueError
            cursor = cls(moment.astimezone(UTC), UUID(row_id))
        except (ValueError, TypeError, AttributeError, OverflowError):
            raise InvalidValueError(
                ["query", "cursor"], "This cursor is of no page"
            ) from None
        return cursor


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Some rows of a list, and where the next ones begin."""

    items: Sequence[RowT]
    next_cursor: str | None

    @classmethod
    def of(
        cls, rows: Sequence[RowT], limit: int, place: Callable[[RowT], Cursor]
    ) -> "Page[RowT]":
        """Make a page of rows that were read with one more than the limit."""
        items = rows[:limit]
        more = len(rows) > limit
        return cls(items, place(items[-1]).encode() if more else None)
