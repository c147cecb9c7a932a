"""What the login takes and gives."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from app.accounts.schemas import NewPassword
from app.kit.schemas import Body


class Registered(BaseModel):
    """The same for a new and for a known address."""

    status: Literal["ok"] = "ok"


class PasswordChange(Body):
    current_password: SecretStr
    new_password: NewPassword


class AccessToken(BaseModel):
    """The access token; the refresh token travels in its cookie."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(description="Seconds")
    scope: str
