"""Users over HTTP."""

from fastapi import APIRouter

from app.auth.dependencies import REFUSALS, CurrentPrincipal, CurrentUser
from app.users.schemas import UserRead

router = APIRouter(prefix="/users", tags=["users"], responses=REFUSALS)


@router.get("/me")
async def read_me(user: CurrentUser, principal: CurrentPrincipal) -> UserRead:
    """Who am I, and what may I do?"""
    return UserRead.of(user, principal.scopes)
