import pytest
from fastapi import FastAPI
from sqlalchemy.pool import QueuePool

from app.items.schemas import ItemCreate
from app.items.service import ItemService, export

LAMP = ItemCreate.model_validate(
    {"name": "Lamp", "price": {"amount": "9.90", "currency": "EUR"}}
)


async def test_slow_reader_holds_no_connection(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.items.service.EXPORT_BATCH", 1)
    async with app.state.sessions.begin() as session:
        await ItemService(session).create(LAMP)
    pool: QueuePool = app.state.engine.sync_engine.pool

    held = [pool.checkedout() async for _ in export(app.state.sessions)]

    assert held == [0]
    assert pool.checkedout() == 0
