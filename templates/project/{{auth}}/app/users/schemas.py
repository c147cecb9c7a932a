"""Users as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.accounts.roles import DEFAULT_ROLE, ROLES
from app.accounts.schemas import Registration
from app.kit.schemas import Body


def known_roles(roles: list[str]) -> list[str]:
    if not ROLES.keys() >= set(roles):
        raise ValueError("there is no such role")
    return sorted(set(roles))


Role = Annotated[str, Field(json_schema_extra={"enum": list[Any](ROLES)})]
Roles = Annotated[list[Role], Field(max_length=20), AfterValidator(known_roles)]


class UserCreate(Registration):
    """An account made by an administrator."""

    roles: Roles = [DEFAULT_ROLE]


class RolesUpdate(Body):
    roles: Roles


class UserUpdate(Body):
    """What an administrator may change of an account."""

    disabled: Annotated[bool, Field(strict=True)]


class MeUpdate(Body):
    """What users may change of their own account."""

    display_name: Annotated[str, Field(min_length=1, max_length=200)] | None


class UserRead(BaseModel):
    """A user, and what their roles allow."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    display_name: str | None
    roles: list[str]
    scopes: list[str]
    created_at: datetime


class AccountRead(UserRead):
    """A user as administrators see them."""

    disabled: bool


class AccountPage(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    items: Sequence[AccountRead]
    next_cursor: str | None
