"""Settings of the accounts."""

from pydantic import Field, PositiveInt

from app.settings import EnvSettings


class PasswordSettings(EnvSettings):
    """What a hash of a password costs."""

    auth_argon2_memory_kib: int = Field(default=65536, ge=8)
    auth_argon2_passes: PositiveInt = 3
    auth_argon2_lanes: PositiveInt = 4
