"""New accounts as the API and the command line take them."""

from typing import Annotated, Self

from pydantic import Field, Secret, model_validator

from app.accounts.emails import Email
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH, weakness
from app.kit.schemas import Body

NewPassword = Annotated[
    Secret[Annotated[str, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]],
    Field(json_schema_extra={"format": "password", "writeOnly": True}),
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
