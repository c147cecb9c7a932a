"""Items as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kit.money import Money
from app.kit.schemas import Body, may_be_absent

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(max_length=10_000)]
Amount = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$")
]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Tags = Annotated[list[Tag], Field(max_length=20)]

EXAMPLE: dict[str, Any] = {
    "name": "Lamp",
    "description": "Bright, and warm",
    "price": {"amount": "9.90", "currency": "EUR"},
    "tags": ["light"],
}


class Price(Body):
    """A price: a decimal amount as text, and a currency (ISO 4217)."""

    model_config = ConfigDict(from_attributes=True)

    amount: Amount
    currency: Currency

    def to_money(self) -> Money:
        return Money.of(self.amount, self.currency)


class ItemCreate(Body):
    """A new item, or all of an item that is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: Name
    description: Description | None = None
    price: Price
    tags: Tags = []


class ItemPatch(Body):
    """Changes of an item: what is left out stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Lantern"}]})

    name: Name = may_be_absent()
    description: Description | None = None
    price: Price = may_be_absent()
    tags: Tags = may_be_absent()


class ItemRead(BaseModel):
    """An item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str | None
    price: Price
    tags: list[str]
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """Some items, newest first; `next_cursor` asks for those after them."""

    model_config = ConfigDict(from_attributes=True)

    items: list[ItemRead]
    next_cursor: str | None
