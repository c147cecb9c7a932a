"""The table and the schemas of the peers that have SQLAlchemy and pydantic."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from rows import BATCH
from sqlalchemy import JSON, DateTime, Select, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True), list[str]: JSON}


class Row(Base):
    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    price_cents: Mapped[int]
    price_currency: Mapped[str]
    tags: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]


class Price(BaseModel):
    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class ItemCreate(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str | None, Field(max_length=10_000)] = None
    price: Price
    tags: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)] = []

    def to_row(self) -> Row:
        now = datetime.now(UTC)
        whole, _, part = self.price.amount.partition(".")
        return Row(
            **self.model_dump(exclude={"price"}),
            id=uuid4(),
            price_cents=int(whole) * 100 + int(part.ljust(2, "0")),
            price_currency=self.price.currency,
            created_at=now,
            updated_at=now,
            version=1,
        )


class ItemRead(ItemCreate):
    id: UUID
    created_at: datetime
    updated_at: datetime


def shown(row: Row) -> dict[str, Any]:
    """What ItemRead shows of a row."""
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "price": {
            "amount": f"{row.price_cents // 100}.{row.price_cents % 100:02}",
            "currency": row.price_currency,
        },
        "tags": row.tags,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def everything() -> Select[tuple[Row]]:
    return select(Row).execution_options(yield_per=BATCH)
