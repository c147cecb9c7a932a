"""Registration and login over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from fastapi.security import OAuth2PasswordRequestForm

from app.accounts.schemas import Registration
from app.accounts.service import UsersDep
from app.auth.answers import SessionAnswerDep
from app.auth.cookies import RefreshCookieDep
from app.auth.dependencies import CurrentPrincipal, CurrentUser
from app.auth.errors import invalid_grant
from app.auth.families import FamiliesDep
from app.auth.grants import InvalidRefreshTokenError
from app.auth.origin import same_origin
from app.auth.registration import open_registration
from app.auth.schemas import AccessToken, PasswordChange, Registered
from app.auth.service import LoginsDep
from app.kit.problem import ProblemError, responses

FORM = "application/x-www-form-urlencoded"


async def keep_private(request: Request) -> None:
    """Keep every answer out of caches, those without a token or cookie too."""
    request.state.private = True


async def urlencoded(request: Request) -> None:
    """Refuse with 415 a form that isn't in OAuth2's own type (RFC 6749, 4.3.2).

    The sender of a form in parts picks its character set: one of them makes text that
    can't be hashed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind.strip().lower() != FORM:
        raise ProblemError(415, f"The body must be {FORM}")


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


@router.post(
    "/token",
    dependencies=[Depends(urlencoded)],
    responses=responses(400, 401, 415, 429, 503),
)
async def login(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    logins: LoginsDep,
    answer: SessionAnswerDep,
) -> AccessToken:
    """Sign in with address and password."""
    grant = await logins.login(form.username, form.password, form.scopes)
    return answer.send(grant)


@router.post(
    "/refresh",
    dependencies=[Depends(same_origin)],
    responses=responses(401, 403),
)
async def refresh(
    cookie: RefreshCookieDep, families: FamiliesDep, answer: SessionAnswerDep
) -> AccessToken:
    """Spend the refresh token of the cookie for a new one and an access token."""
    try:
        grant = await families.rotate(cookie.value or "")
    except InvalidRefreshTokenError:
        raise invalid_grant("The refresh token is not valid") from None
    return answer.send(grant)


@router.post(
    "/logout",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(same_origin)],
    responses=responses(403),
)
async def logout(cookie: RefreshCookieDep, families: FamiliesDep) -> None:
    """End the session of the cookie."""
    cookie.clear()
    await families.end(cookie.value or "")


@router.post(
    "/logout-all",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(same_origin)],
    responses=responses(403),
)
async def logout_all(cookie: RefreshCookieDep, families: FamiliesDep) -> None:
    """End all sessions of the cookie's user."""
    cookie.clear()
    await families.end_all(cookie.value or "")


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(401, 403, 429, 503),
)
async def change_password(
    body: PasswordChange,
    user: CurrentUser,
    caller: CurrentPrincipal,
    logins: LoginsDep,
) -> None:
    """Set another password. All other sessions end."""
    await logins.change_password(
        user,
        body.current_password.get_secret_value(),
        body.new_password.get_secret_value(),
        caller.family_id,
    )
