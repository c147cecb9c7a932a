"""Fill the database of a generated project; run in its root: `python -m fill ROWS [TENANT]`.

Prints the id of one item.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.items.models import Item
from app.main import create_app
from sqlalchemy import insert

ROWS = int(sys.argv[1])
BATCH = 5_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def row(number: int) -> dict[str, object]:
    moment = BEGAN + timedelta(seconds=number)
    return {
        "id": UUID(int=number + 1),
        "name": f"Item {number}",
        "description": "Something that can be had",
        "price_cents": number,
        "price_currency": "EUR",
        "tags": ["one", "two"],
        "created_at": moment,
        "updated_at": moment,
        "version": 1,
    }


async def fill() -> None:
    app = create_app()
    async with app.router.lifespan_context(app):
        if len(sys.argv) > 2:
            from app.db.session import tenant_sessions  # noqa: PLC0415  (there with tenancy alone)
            from app.tenancy.service import Tenants  # noqa: PLC0415

            tenant = (await Tenants(app).get(sys.argv[2])).ref
            async with tenant_sessions(app, tenant) as sessions:
                await insert_all(sessions)
        else:
            await insert_all(app.state.sessions)


async def insert_all(sessions) -> None:
    for start in range(0, ROWS, BATCH):
        async with sessions.begin() as session:
            rows = [row(number) for number in range(start, min(start + BATCH, ROWS))]
            await session.execute(insert(Item), rows)


asyncio.run(fill())
print(row(ROWS // 2)["id"])
