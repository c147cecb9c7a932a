"""Sessions for the tests: who signs in, and the cookie that they got."""

from http.cookies import SimpleCookie

from httpx2 import AsyncClient, Response

from tests.auth.people import EDITOR, log_in, register

NAME = "refresh_token"


def cookie_of(answer: Response) -> str:
    """Return the refresh token that an answer set."""
    return SimpleCookie(answer.headers["Set-Cookie"])[NAME].value


async def start(anonymous: AsyncClient, email: str = EDITOR) -> tuple[str, str]:
    """Sign in; return the refresh token and the access token."""
    await register(anonymous, email)
    answer = await log_in(anonymous, email)
    anonymous.cookies.clear()
    return cookie_of(answer), answer.json()["access_token"]


async def post(
    anonymous: AsyncClient, path: str, cookie: str | None = None, **headers: str
) -> Response:
    """Send a cookie to a route that reads it, and forget what comes back."""
    sent = {"X-Requested-With": "tests"} if not headers else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {"Cookie": f"{NAME}={cookie}"} if cookie is not None else {}
    answer = await anonymous.post(path, headers=sent)
    anonymous.cookies.clear()
    return answer


async def refresh(anonymous: AsyncClient, cookie: str) -> Response:
    return await post(anonymous, "/auth/refresh", cookie)


async def is_signed_in(anonymous: AsyncClient, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return (await anonymous.get("/users/me", headers=headers)).status_code == 200
