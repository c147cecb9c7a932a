from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from app.db.types import UtcDateTime

COLUMN = UtcDateTime()
DIALECT = sqlite.dialect()
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_moment_is_stored_in_utc() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=5)))

    stored = COLUMN.process_bind_param(there, DIALECT)

    assert stored is not None
    assert stored.isoformat() == NOON.isoformat()


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        COLUMN.process_bind_param(NOON.replace(tzinfo=None), DIALECT)


def test_moment_is_read_with_its_zone() -> None:
    assert COLUMN.process_result_value(NOON.replace(tzinfo=None), DIALECT) == NOON
