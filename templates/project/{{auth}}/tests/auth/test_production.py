"""What is stricter outside local and test."""

import pytest
from fastapi import Response
from starlette.requests import Request

from app.auth.cookies import RefreshCookie
from app.db.types import utc_now
from app.settings import Settings


@pytest.mark.parametrize("environment_name", ["staging", "production"])
def test_cookie_is_secure(environment_name: str) -> None:
    settings = Settings.model_validate(
        {"environment": environment_name, "allowed_hosts": ["example.com"]}
    )
    response = Response()
    request = Request({"type": "http", "headers": [(b"cookie", b"refresh_token=x")]})

    cookie = RefreshCookie(request, response, settings)
    cookie.set("token", utc_now())

    sent = response.headers["Set-Cookie"]
    assert sent.startswith("__Secure-refresh_token=token;")
    assert "; Secure" in sent
    assert cookie.value is None
