"""The fence around the routes that the cookie alone authorises."""

import pytest
from httpx2 import AsyncClient

from tests.auth.sessions import NAME, post, refresh, start

PATHS = ["/auth/refresh", "/auth/logout", "/auth/logout-all"]
LISTED = "https://app.example.com"


@pytest.fixture(autouse=True)
def listed_origin(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f'["{LISTED}"]')


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example.com"}, id="other site"),
        pytest.param({"Origin": "null"}, id="hidden site"),
        pytest.param({"Origin": f"{LISTED}.evil.example.com"}, id="longer name"),
        pytest.param({"Origin": LISTED.replace("https", "http")}, id="other scheme"),
        pytest.param(
            {"Origin": "https://evil.example.com", "X_Requested_With": "fetch"},
            id="other site with the header",
        ),
        pytest.param({"Accept": "*/*"}, id="neither header"),
    ],
)
async def test_refused(anonymous: AsyncClient, headers: dict[str, str]) -> None:
    cookie, _ = await start(anonymous)

    for path in PATHS:
        answer = await post(anonymous, path, cookie, **headers)

        assert answer.status_code == 403, path
        assert "Set-Cookie" not in answer.headers
    assert (await refresh(anonymous, cookie)).status_code == 200  # nothing was spent


async def test_one_good_origin_of_two_is_not_enough(anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)
    origins = [("Origin", LISTED), ("Origin", "https://evil.example.com")]

    answer = await anonymous.post(
        "/auth/refresh", headers=[*origins, ("Cookie", f"{NAME}={cookie}")]
    )

    assert answer.status_code == 403


async def test_other_scheme_of_this_host(anonymous: AsyncClient) -> None:
    cookie, _ = await start(anonymous)
    origin = str(anonymous.base_url).rstrip("/").replace("http", "https")

    answer = await post(anonymous, "/auth/refresh", cookie, Origin=origin)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", PATHS)
async def test_taken(anonymous: AsyncClient, path: str) -> None:
    here = str(anonymous.base_url).rstrip("/")
    for headers in (
        {"Origin": here},
        {"Origin": LISTED},
        {"X_Requested_With": "fetch"},
    ):
        cookie, _ = await start(anonymous)

        assert (await post(anonymous, path, cookie, **headers)).is_success
