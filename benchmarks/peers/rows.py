"""Rows as CSV, for every peer alike."""

import csv
import io
from collections.abc import Iterable
from typing import Any

BATCH = 500


def lines(rows: Iterable[Any]) -> str:
    """Some rows of the table."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [
            row.id,
            row.name,
            row.description,
            row.price_cents,
            row.price_currency,
            ";".join(row.tags),
            row.created_at.isoformat(),
            row.updated_at.isoformat(),
        ]
        for row in rows
    )
    return buffer.getvalue()
