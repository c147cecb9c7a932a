"""Registration and login over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from fastapi.security import OAuth2PasswordRequestForm

from app.auth.answers import SessionAnswerDep
from app.auth.registration import open_registration
from app.auth.schemas import AccessToken, Registered, Registration
from app.auth.service import LoginsDep
from app.kit.problem import responses
from app.users.service import UsersDep


def keep_private(request: Request) -> None:
    """Keep every answer out of caches, those without a token or cookie too."""
    request.state.private = True


router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(keep_private)])


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(open_registration)],
    responses=responses(403, 503),
)
async def register(body: Registration, users: UsersDep) -> Registered:
    """Make an account. The answer doesn't tell whether the address had one."""
    await users.create(body.email, body.password.get_secret_value())
    return Registered()


@router.post("/token", responses=responses(400, 401, 429, 503))
async def login(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    logins: LoginsDep,
    answer: SessionAnswerDep,
) -> AccessToken:
    """Sign in with address and password."""
    grant = await logins.login(form.username, form.password, form.scopes)
    return answer.send(grant)
