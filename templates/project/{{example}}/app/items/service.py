"""What can be done with items."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.session import Sessions
from app.db.types import utc_now
from app.items.models import Item
from app.items.schemas import ItemCreate, ItemPatch
from app.kit.pagination import Cursor, Page
from app.kit.problem import NotFoundError, StaleError

EXPORT_BATCH = 100  # each slow reader holds one

Versions = frozenset[int] | None  # those that a change may meet; None: any


class ItemService:
    """Items of one session. Unknown ids raise NotFoundError, stale ones StaleError."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create(self, data: ItemCreate) -> Item:
        now = utc_now()
        item = Item(**values_of(data), created_at=now, updated_at=now)
        self.session.add(item)
        await self.session.flush()
        return item

    async def get(self, item_id: UUID) -> Item:
        item = await self.session.get(Item, item_id)
        if item is None:
            raise NotFoundError("item")
        return item

    async def list(self, limit: int, cursor: str | None = None) -> Page[Item]:
        """Read a page, newest first; a cursor of no page raises InvalidValueError."""
        place = Cursor.decode(cursor) if cursor is not None else None
        return Page.of(await self.rows(limit + 1, place), limit, place_of)

    async def update(
        self, item_id: UUID, changes: ItemPatch, if_match: Versions = None
    ) -> Item:
        """Change what was set in `changes`, and nothing else."""
        return await self.write(item_id, values_of(changes, sent_only=True), if_match)

    async def replace(
        self, item_id: UUID, data: ItemCreate, if_match: Versions = None
    ) -> Item:
        return await self.write(item_id, values_of(data), if_match)

    async def delete(self, item_id: UUID, if_match: Versions = None) -> None:
        statement = delete(Item).where(Item.id == item_id, current(if_match))
        if await self.session.scalar(statement.returning(Item.id)) is None:
            raise await self.refusal(item_id)

    async def rows(self, limit: int, after: Cursor | None) -> Sequence[Item]:
        key = tuple_(Item.created_at, Item.id)
        statement = select(Item).order_by(Item.created_at.desc(), Item.id.desc())
        if after is not None:
            statement = statement.where(key < tuple_(after.created_at, after.id))
        return (await self.session.scalars(statement.limit(limit))).all()

    async def write(
        self, item_id: UUID, values: dict[str, Any], if_match: Versions
    ) -> Item:
        """Change an item in one statement, which checks its version too.

        The values go by the names of the table.
        """
        if values:
            values |= {"updated_at": utc_now(), "version": Item.version + 1}
        statement = update(Item).where(Item.id == item_id, current(if_match))
        item: Item | None = await self.session.scalar(
            statement.values(values or {"version": Item.version}).returning(Item),
            execution_options={"populate_existing": True},
        )
        if item is None:
            raise await self.refusal(item_id)
        return item

    async def refusal(self, item_id: UUID) -> Exception:
        """Say why a statement met no row, by what the table holds now."""
        if await self.session.get(Item, item_id, populate_existing=True) is None:
            return NotFoundError("item")
        return StaleError()


async def export(sessions: Sessions) -> AsyncIterator[Sequence[Item]]:
    """Yield all items in batches, newest first.

    Each batch is read in a session of its own: slow readers hold no connection.
    """
    place = None
    while True:
        async with sessions() as session:
            batch = await ItemService(session).rows(EXPORT_BATCH, place)
        if not batch:
            return
        yield batch
        place = place_of(batch[-1])


def place_of(item: Item) -> Cursor:
    """Return the place after an item in the list."""
    return Cursor(item.created_at, item.id)


def current(versions: Versions) -> ColumnElement[bool]:
    return true() if versions is None else Item.version.in_(versions)


def values_of(data: ItemCreate | ItemPatch, sent_only: bool = False) -> dict[str, Any]:
    """Return what a body says, under the names and types of the table."""
    values = data.model_dump(exclude_unset=sent_only)
    if "price" in values:
        values["price"] = data.price.to_money()
    return values
