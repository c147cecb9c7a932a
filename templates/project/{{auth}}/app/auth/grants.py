"""What a session is given, and how long it lasts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts.models import User

TOKEN_LIFE = timedelta(days=7)
FAMILY_LIFE = timedelta(days=30)


class InvalidRefreshTokenError(Exception):
    """The refresh token is unknown, expired, revoked or spent."""


@dataclass(frozen=True)
class Grant:
    """A fresh refresh token, and what its family may do."""

    user: User
    family_id: UUID
    scope: str
    token: str
    expires_at: datetime


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
