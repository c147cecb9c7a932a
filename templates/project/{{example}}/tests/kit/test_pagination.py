from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.kit.pagination import Cursor
from app.kit.problem import InvalidValueError


def encoded(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode()


def test_cursor_is_read_back() -> None:
    cursor = Cursor(datetime.now(UTC), uuid4())

    assert Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zzz",
        "\0",
        "\ud800",
        encoded("[" * 5000),
        encoded("null"),
        encoded("[]"),
        encoded('["x", "y"]'),
        encoded('["2026-01-01T00:00:00+00:00", 1]'),
        encoded(f'["2026-01-01T00:00:00", "{UUID(int=1).hex}"]'),
        encoded(f'["0001-01-01T00:00:00+01:00", "{UUID(int=1).hex}"]'),
    ],
)
def test_cursor_of_no_page(text: str) -> None:
    with pytest.raises(InvalidValueError):
        Cursor.decode(text)
