"""Settings of the error reports."""

from pydantic import SecretStr

from app.settings import EnvSettings


class SentrySettings(EnvSettings):
    """Where unexpected errors are sent; without a DSN, nowhere."""

    sentry_dsn: SecretStr | None = None
