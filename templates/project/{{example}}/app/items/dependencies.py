"""What routes of items ask for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.db.session import SessionDep
from app.items.models import Item
from app.items.schemas import ItemRead
from app.items.service import ItemService
from app.kit.schemas import fields_of


async def get_service(session: SessionDep) -> ItemService:
    return ItemService(session)


ItemServiceDep = Annotated[ItemService, Depends(get_service)]


async def get_item(item_id: UUID, items: ItemServiceDep) -> Item:
    return await items.get(item_id)


ItemDep = Annotated[Item, Depends(get_item)]
ItemFields = Annotated[frozenset[str] | None, Depends(fields_of(ItemRead))]
