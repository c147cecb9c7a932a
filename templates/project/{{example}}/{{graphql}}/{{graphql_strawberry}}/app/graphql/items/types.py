"""Items as GraphQL takes and shows them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from app.graphql.results import Conflict, InvalidInput, NotFound, PageInfo
from app.items import models
from app.items.service import place_of
from app.kit.etag import etag
from app.kit.pagination import Page


@strawberry.type
class Price:
    amount: str = strawberry.field(description="decimal with two places")
    currency: str = strawberry.field(description="ISO 4217")


@strawberry.type
class Item:
    id: strawberry.ID
    name: str
    description: str | None
    price: Price
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    etag: str = strawberry.field(description="as in REST; to be sent as ifMatch")

    @classmethod
    def of(cls, item: models.Item) -> "Item":
        return cls(
            id=strawberry.ID(str(item.id)),
            name=item.name,
            description=item.description,
            price=Price(amount=item.price.amount, currency=item.price.currency),
            tags=item.tags,
            created_at=item.created_at,
            updated_at=item.updated_at,
            etag=etag(item.version),
        )


@strawberry.type
class ItemEdge:
    cursor: str
    node: Item


@strawberry.type
class ItemConnection:
    edges: list[ItemEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: Page[models.Item]) -> "ItemConnection":
        edges = [
            ItemEdge(cursor=place_of(item).encode(), node=Item.of(item))
            for item in page.items
        ]
        return cls(
            edges=edges,
            page_info=PageInfo(
                has_next_page=page.next_cursor is not None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )


@strawberry.type
class DeletedItem:
    id: strawberry.ID


@strawberry.input
class PriceInput:
    amount: str
    currency: str


@strawberry.input
class ItemInput:
    name: str
    description: str | None = UNSET
    price: PriceInput
    tags: list[str] = strawberry.field(default_factory=list)


@strawberry.input
class ItemPatch:
    name: str | None = UNSET
    description: str | None = UNSET
    price: PriceInput | None = UNSET
    tags: list[str] | None = UNSET


CreateItemResult = Annotated[Item | InvalidInput, strawberry.union("CreateItemResult")]
UpdateItemResult = Annotated[
    Item | NotFound | InvalidInput | Conflict, strawberry.union("UpdateItemResult")
]
DeleteItemResult = Annotated[
    DeletedItem | NotFound | Conflict, strawberry.union("DeleteItemResult")
]


def sent(given: ItemInput | ItemPatch | PriceInput) -> dict[str, Any]:
    """Return what was sent, as a body in JSON: what was left out is not in it."""
    return {
        name: sent(value) if isinstance(value, PriceInput) else value
        for name, value in vars(given).items()
        if value is not UNSET
    }
