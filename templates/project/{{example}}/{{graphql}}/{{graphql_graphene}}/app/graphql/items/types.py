"""Items as GraphQL takes and shows them."""

from graphene import (
    ID,
    Field,
    InputField,
    InputObjectType,
    List,
    NonNull,
    ObjectType,
    String,
    Union,
)

from app.graphql.results import Conflict, InvalidInput, NotFound, PageInfo
from app.graphql.types import DateTime
from app.items import models
from app.items.service import place_of
from app.kit.etag import etag
from app.kit.pagination import Page


class Price(ObjectType):
    amount = String(required=True, description="decimal with two places")
    currency = String(required=True, description="ISO 4217")


class Item(ObjectType):
    id = ID(required=True)
    name = String(required=True)
    description = String()
    price = Field(Price, required=True)
    tags = List(NonNull(String), required=True)
    created_at = DateTime(required=True)
    updated_at = DateTime(required=True)
    etag = String(required=True, description="as in REST; to be sent as ifMatch")

    @classmethod
    def of(cls, item: models.Item) -> "Item":
        return cls(
            id=item.id,
            name=item.name,
            description=item.description,
            price=Price(amount=item.price.amount, currency=item.price.currency),
            tags=item.tags,
            created_at=item.created_at,
            updated_at=item.updated_at,
            etag=etag(item.version),
        )


class ItemEdge(ObjectType):
    cursor = String(required=True)
    node = Field(Item, required=True)


class ItemConnection(ObjectType):
    edges = List(NonNull(ItemEdge), required=True)
    page_info = Field(PageInfo, required=True)

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


class DeletedItem(ObjectType):
    id = ID(required=True)


class PriceInput(InputObjectType):
    amount = String(required=True)
    currency = String(required=True)


class ItemInput(InputObjectType):
    name = String(required=True)
    description = String()
    price = InputField(PriceInput, required=True)
    tags = List(NonNull(String), required=True, default_value=[])


class ItemPatch(InputObjectType):
    name = String()
    description = String()
    price = InputField(PriceInput)
    tags = List(NonNull(String))


class CreateItemResult(Union):
    class Meta:
        types = (Item, InvalidInput)


class UpdateItemResult(Union):
    class Meta:
        types = (Item, NotFound, InvalidInput, Conflict)


class DeleteItemResult(Union):
    class Meta:
        types = (DeletedItem, NotFound, Conflict)
