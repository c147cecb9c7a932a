"""The rules that a signing secret has to meet."""

import secrets
from functools import cache

import structlog

from app.auth.settings import AuthSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MIN_BYTES = 32
EXAMPLES = ("change", "example", "secret", "insecure", "placeholder", "your-")


class WrongSecretError(ValueError):
    """A secret can't be used; the message names its setting, never its value."""


def signing_secrets(settings: AuthSettings, *, strict: bool) -> list[bytes]:
    """Return the secret that signs, then the one that only verifies, if any.

    Not strict (local and test): a missing secret is a random one of this process.

    Raises:
        WrongSecretError: one is too short or guessable, or missing when strict.
    """
    if settings.secret_key is not None:
        key = checked("SECRET_KEY", settings.secret_key.get_secret_value(), strict)
    elif strict:
        raise WrongSecretError("SECRET_KEY must be set outside local and test")
    else:
        key = random_key()
    if settings.secret_key_previous is None:
        return [key]
    previous = settings.secret_key_previous.get_secret_value()
    return [key, checked("SECRET_KEY_PREVIOUS", previous, strict)]


def checked(name: str, value: str, strict: bool) -> bytes:
    key = value.encode()
    if len(key) < MIN_BYTES:
        raise WrongSecretError(f"{name} must have at least {MIN_BYTES} bytes")
    if strict and len(set(key)) < 8:
        raise WrongSecretError(f"{name} repeats a few characters")
    if strict and any(word in value.lower() for word in EXAMPLES):
        raise WrongSecretError(f"{name} is an example value")
    return key


@cache
def random_key() -> bytes:
    """Make a key that lives as long as the process."""
    log.warning("a random key is used, for want of a setting", setting="SECRET_KEY")
    return secrets.token_urlsafe(48).encode()
