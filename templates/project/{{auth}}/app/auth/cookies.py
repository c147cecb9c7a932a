"""The cookie that carries the refresh token."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from app.db.types import utc_now
from app.settings import SettingsDep

PATH = "/auth"


class RefreshCookie:
    """Out of reach of scripts and of other sites; secure outside local and test."""

    def __init__(
        self, request: Request, response: Response, settings: SettingsDep
    ) -> None:
        self.request = request
        self.response = response
        self.secure = not settings.is_local
        self.name = "__Secure-refresh_token" if self.secure else "refresh_token"

    @property
    def value(self) -> str | None:
        """The first of that name, as sent; `request.cookies` has the last, unquoted."""
        pairs = [
            pair.strip().partition("=")
            for line in self.request.headers.getlist("cookie")
            for pair in line.split(";")
        ]
        return next((value for name, _, value in pairs if name == self.name), None)

    def set(self, token: str, expires_at: datetime) -> None:
        seconds = int((expires_at - utc_now()).total_seconds())
        self.send(token, seconds)

    def clear(self) -> None:
        self.send("", 0)

    def send(self, value: str, max_age: int) -> None:
        self.response.set_cookie(
            self.name,
            value,
            max_age=max_age,
            path=PATH,
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )


RefreshCookieDep = Annotated[RefreshCookie, Depends(RefreshCookie)]
