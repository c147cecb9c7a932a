"""Settings of Redis."""

from pydantic import SecretStr

from app.settings import EnvSettings


class RedisSettings(EnvSettings):
    redis_url: SecretStr = SecretStr("redis://localhost:6379/0")
