"""What queries and mutations of items do; `types` says how the schema shows it.

Unknown ids raise NotFoundError, stale changes StaleError, wrong input pydantic's
ValidationError.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.graphql.context import Context
from app.graphql.errors import BAD_USER_INPUT, failure
from app.items.models import Item
from app.items.schemas import ItemCreate, ItemPatch
from app.items.service import ItemService
from app.kit.etag import named_versions
from app.kit.pagination import Page
from app.kit.problem import InvalidValueError, NotFoundError

MAX_FIRST = 100


async def read_page(context: Context, first: int, after: str | None) -> Page[Item]:
    if not 1 <= first <= MAX_FIRST:
        raise failure(BAD_USER_INPUT, f"first must be 1 to {MAX_FIRST}")
    try:
        async with context.turn() as session:
            return await ItemService(session).list(first, after or None)
    except InvalidValueError:
        raise failure(BAD_USER_INPUT, "after is no cursor of a page") from None


async def read_item(context: Context, item_id: str) -> Item | None:
    known = uuid_of(item_id)
    return await context.loader(load_items).load(known) if known else None


async def load_items(session: AsyncSession, ids: list[UUID]) -> list[Item | None]:
    """Read the items of one level of a query by one statement."""
    rows = await session.scalars(select(Item).where(Item.id.in_(ids)))
    found = {item.id: item for item in rows}
    return [found.get(item_id) for item_id in ids]


async def create_item(context: Context, sent: dict[str, Any]) -> Item:
    data = ItemCreate.model_validate(sent)
    return await ItemService(context.session).create(data)


async def update_item(
    context: Context, item_id: str, sent: dict[str, Any], if_match: str | None
) -> Item:
    changes = ItemPatch.model_validate(sent)
    items = ItemService(context.session)
    return await items.update(known_id(item_id), changes, versions(if_match))


async def delete_item(context: Context, item_id: str, if_match: str | None) -> None:
    items = ItemService(context.session)
    await items.delete(known_id(item_id), versions(if_match))


def uuid_of(text: str) -> UUID | None:
    """Return an id as REST has it; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def known_id(text: str) -> UUID:
    item_id = uuid_of(text)
    if item_id is None:
        raise NotFoundError("item")
    return item_id


def versions(if_match: str | None) -> frozenset[int] | None:
    """Return the versions that may be changed; None: any."""
    return None if if_match is None else named_versions([if_match])
