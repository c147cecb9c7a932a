"""What the login takes and gives."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator

from app.auth.emails import Email
from app.auth.passwords import MAX_LENGTH, MIN_LENGTH, weakness
from app.kit.schemas import Body


def right_length(password: SecretStr) -> SecretStr:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise ValueError(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    return password


NewPassword = Annotated[
    SecretStr,
    AfterValidator(right_length),
    Field(json_schema_extra={"minLength": MIN_LENGTH, "maxLength": MAX_LENGTH}),
]


class Registration(Body):
    """A new account. The password is taken as it is, nothing cut or changed."""

    email: Email
    password: NewPassword

    @model_validator(mode="after")
    def password_is_strong(self) -> Self:
        reason = weakness(self.password.get_secret_value(), self.email)
        if reason:
            raise ValueError(reason)
        return self


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
