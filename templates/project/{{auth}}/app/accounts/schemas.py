"""New accounts as the API and the command line take them."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from app.accounts.emails import Email
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH, weakness
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
