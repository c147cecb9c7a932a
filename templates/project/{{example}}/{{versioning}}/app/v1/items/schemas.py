"""Items as version 1 takes and shows them: a price is a number, there are no tags."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.items import schemas as newest
from app.items.schemas import Description, Name, Price
from app.kit.money import Money
from app.kit.schemas import Body, may_be_absent

CURRENCY = "EUR"  # of what version 1 creates

EXAMPLE: dict[str, Any] = {
    "name": "Lamp",
    "description": "Bright, and warm",
    "price": 9.9,
}


def in_hundredths(amount: float) -> float:
    if round(amount, 2) != amount:
        raise ValueError("has at most two decimals")
    return abs(amount)  # minus zero passes as zero


def as_number(price: Money) -> float:
    return price.cents / 100


DEPRECATED = Field(json_schema_extra={"deprecated": True})
Amount = Annotated[
    float,
    Field(strict=True, ge=0, lt=10**10, allow_inf_nan=False),
    AfterValidator(in_hundredths),
    DEPRECATED,
]


class ItemCreate(Body):
    """A new item, or all that version 1 knows of an item that is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name: Name
    description: Description | None = None
    price: Amount

    def create(self) -> newest.ItemCreate:
        return newest.ItemCreate(
            name=self.name,
            description=self.description,
            price=Price(amount=f"{self.price:.2f}", currency=CURRENCY),
        )

    def columns(self) -> dict[str, Any]:
        """Return what replacing writes: not the currency, and not the tags."""
        return columns_of(self.model_dump())


class ItemPatch(Body):
    """Changes of an item: what is left out stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Lantern"}]})

    name: Name = may_be_absent()
    description: Description | None = None
    price: Amount = may_be_absent()

    def columns(self) -> dict[str, Any]:
        return columns_of(self.model_dump(exclude_unset=True))


class ItemRead(BaseModel):
    """An item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    description: str | None
    price: Annotated[float, BeforeValidator(as_number), DEPRECATED]
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """Some items, newest first; `next_cursor` asks for those after them."""

    model_config = ConfigDict(from_attributes=True)

    items: list[ItemRead]
    next_cursor: str | None


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """Name the columns of the table: of a price it is the amount alone."""
    if "price" in values:
        values["price_cents"] = round(values.pop("price") * 100)
    return values
