import pytest
from fastapi import FastAPI

from app.items.schemas import ItemCreate, ItemPatch
from app.items.service import ItemService
from app.kit.problem import NotFoundError

LAMP = ItemCreate.model_validate(
    {"name": "Lamp", "price": {"amount": "9.90", "currency": "EUR"}}
)
CHANGES = ItemPatch(name="Lantern")


async def test_item_that_is_deleted_after_it_was_read(app: FastAPI) -> None:
    async with app.state.sessions.begin() as session:
        lamp = await ItemService(session).create(LAMP)

    async with app.state.sessions() as session:
        items = ItemService(session)
        read = await items.get(lamp.id)
        async with app.state.sessions.begin() as another:
            await ItemService(another).delete(lamp.id)

        with pytest.raises(NotFoundError):
            await items.update(read.id, CHANGES, frozenset({read.version}))
