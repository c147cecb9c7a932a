"""Users as the API shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from app.users.models import User


class UserRead(BaseModel):
    """A user, and what they may do now."""

    id: UUID
    email: str
    display_name: str | None
    roles: list[str]
    scopes: list[str]
    created_at: datetime

    @classmethod
    def of(cls, user: User, scopes: Iterable[str]) -> Self:
        return cls(
            id=user.id,
            email=user.email,
            display_name=user.display_name,
            roles=user.roles,
            scopes=sorted(scopes),
            created_at=user.created_at,
        )
