"""Tenants as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.kit.schemas import Body


class TenantCreate(Body):
    slug: str


class TenantRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: str
    status: str
    created_at: datetime


class TenantPage(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    items: Sequence[TenantRead]
    next_cursor: str | None
