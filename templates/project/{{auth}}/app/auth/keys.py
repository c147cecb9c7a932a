"""Keys that sign and verify access tokens."""

import hashlib
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from app.auth.secret import WrongSecretError, signing_secrets
from app.auth.settings import AuthSettings


@dataclass(frozen=True, repr=False)
class Keys:
    """The key that signs and all that verify, each bound to one algorithm."""

    algorithm: str
    kid: str
    signing: Any
    verifying: dict[str, Any]


def load_keys(settings: AuthSettings, *, strict: bool) -> Keys:
    """Make the keys from the settings.

    Raises:
        WrongSecretError: a key is missing, malformed, weak or of another algorithm.
    """
    if settings.jwt_algorithm == "HS256":
        return shared_keys(signing_secrets(settings, strict=strict))
    return key_pairs(settings)


def shared_keys(secrets: list[bytes]) -> Keys:
    verifying = {fingerprint(secret): secret for secret in secrets}
    return Keys("HS256", fingerprint(secrets[0]), secrets[0], verifying)


def key_pairs(settings: AuthSettings) -> Keys:
    name = settings.jwt_algorithm
    if settings.jwt_private_key is None:
        raise WrongSecretError(f"JWT_PRIVATE_KEY must be set for {name}")
    private = parsed(
        "JWT_PRIVATE_KEY", settings.jwt_private_key.get_secret_value(), name
    )
    if not hasattr(private, "public_key"):
        raise WrongSecretError("JWT_PRIVATE_KEY holds no private key")
    verifying = {
        kid: parsed("JWT_PUBLIC_KEYS", pem, name)
        for kid, pem in settings.jwt_public_keys.items()
    }
    if any(hasattr(key, "public_key") for key in verifying.values()):
        raise WrongSecretError("JWT_PUBLIC_KEYS holds a private key")
    own = private.public_key()
    kid = next((kid for kid, key in verifying.items() if key == own), None)
    if kid is None:
        kid = fingerprint(encoded(own))
        verifying[kid] = own
    return Keys(name, kid, private, verifying)


def parsed(setting: str, pem: str, name: str) -> Any:
    """Read a key; where a line can't be broken, `\\n` may stand for it."""
    algorithm = jwt.get_algorithm_by_name(name)
    try:
        key = algorithm.prepare_key(pem.replace("\\n", "\n"))
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.InvalidKeyError):
        raise WrongSecretError(f"{setting} holds no key for {name}") from None
    if algorithm.check_key_length(key):
        raise WrongSecretError(f"{setting} holds a key that is too short")
    return key


def encoded(public: Any) -> bytes:
    der: bytes = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return der


def fingerprint(key: bytes) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(b"kid:" + key).hexdigest()[:16]
