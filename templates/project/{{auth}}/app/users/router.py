"""Users over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response, status

from app.accounts.models import User
from app.accounts.service import UsersDep
from app.auth.dependencies import REFUSALS, CurrentPrincipal, CurrentUser
from app.auth.families import FamiliesDep
from app.auth.scopes import scoped
from app.kit.pagination import Limit
from app.kit.problem import ProblemError, responses
from app.users.schemas import (
    AccountPage,
    AccountRead,
    MeUpdate,
    RolesUpdate,
    UserCreate,
    UserRead,
    UserUpdate,
)

me = APIRouter(prefix="/users/me", tags=["users"], responses=REFUSALS)
users = APIRouter(
    prefix="/users", tags=["users"], route_class=scoped("users", write="admin")
)


def shown(user: User, principal: CurrentPrincipal) -> UserRead:
    """Show users themselves; their token may allow less than their roles."""
    return UserRead.model_validate(user).model_copy(
        update={"scopes": sorted(principal.scopes)}
    )


@me.get("", name="read_me")
async def read_me(user: CurrentUser, principal: CurrentPrincipal) -> UserRead:
    """Who am I, and what may I do?"""
    return shown(user, principal)


@me.patch("", name="update_me")
async def update_me(
    body: MeUpdate, user: CurrentUser, principal: CurrentPrincipal
) -> UserRead:
    """Change what is mine to change."""
    if "display_name" in body.model_fields_set:
        user.display_name = body.display_name
    return shown(user, principal)


@users.get("", name="list")
async def list_users(
    users: UsersDep, limit: Limit = 20, cursor: str | None = None
) -> AccountPage:
    """List the accounts, newest first."""
    return AccountPage.model_validate(await users.page(limit, cursor))


@users.post(
    "", name="create", status_code=status.HTTP_201_CREATED, responses=responses(409)
)
async def create_user(
    body: UserCreate, users: UsersDep, response: Response
) -> AccountRead:
    """Make an account."""
    user = await users.create(body.email, body.password.get_secret_value(), body.roles)
    if user is None:
        raise ProblemError(409, "The address has an account already")
    return AccountRead.model_validate(user)


@users.patch("/{user_id}", name="update", responses=responses(404, 409))
async def update_user(
    user_id: UUID, body: UserUpdate, users: UsersDep, families: FamiliesDep
) -> AccountRead:
    """Disable an account, which ends its sessions, or enable it again."""
    user = await users.set_disabled(user_id, body.disabled)
    if body.disabled:
        await families.end_of(user_id)
    return AccountRead.model_validate(user)


@users.patch("/{user_id}/roles", name="update_roles", responses=responses(404, 409))
async def update_roles(
    user_id: UUID, body: RolesUpdate, users: UsersDep
) -> AccountRead:
    """Set the roles. Issued tokens count for no more than these from now on."""
    return AccountRead.model_validate(await users.set_roles(user_id, body.roles))


router = APIRouter()
router.include_router(me)
router.include_router(users)
