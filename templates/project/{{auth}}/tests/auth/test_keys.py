"""Keys: algorithms, rotation, and what is refused at the start."""

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.auth.keys import load_keys
from app.auth.secret import WrongSecretError
from app.auth.settings import AuthSettings
from app.auth.tokens import InvalidTokenError, Tokens
from app.main import create_app
from tests.auth.forging import claims_of, header_of, signed

ONE = "the first of two secrets, which is long"
TWO = "the second of two secrets, which is long"
RANDOM = "Vq3-7hTz_0pWc9RkXy2LsB8nMf5GdJ4aEuQ"
PrivateKey = Ed25519PrivateKey


def private_pem(key: PrivateKey) -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key.private_bytes(*form).decode()


def public_pem(key: PrivateKey) -> str:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form).decode()


def tokens_with(**settings: object) -> Tokens:
    made = AuthSettings.model_validate(settings)
    return Tokens(load_keys(made, strict=False), made)


def is_taken(tokens: Tokens, token: str) -> bool:
    try:
        tokens.verify(token)
    except InvalidTokenError:
        return False
    return True


def issued(tokens: Tokens) -> str:
    return tokens.issue(uuid4(), uuid4(), "items:read")


def test_previous_secret_only_verifies() -> None:
    old = tokens_with(secret_key=ONE)
    new = tokens_with(secret_key=TWO, secret_key_previous=ONE)

    assert is_taken(new, issued(old))
    assert not is_taken(old, issued(new))
    assert header_of(issued(new))["kid"] != header_of(issued(old))["kid"]


def test_forgotten_secret() -> None:
    assert not is_taken(
        tokens_with(secret_key=TWO), issued(tokens_with(secret_key=ONE))
    )


def test_secret_is_used_as_it_is() -> None:
    tokens = tokens_with(secret_key=ONE)

    assert is_taken(tokens, signed(claims_of(issued(tokens)), key=ONE.encode()))


@pytest.fixture(scope="module")
def ed25519() -> PrivateKey:
    return Ed25519PrivateKey.generate()


def test_key_pair(ed25519: PrivateKey) -> None:
    tokens = tokens_with(
        jwt_algorithm="EdDSA",
        jwt_private_key=private_pem(ed25519),
        jwt_public_keys={"2026-11": public_pem(ed25519)},
    )

    token = issued(tokens)
    assert header_of(token) == {"alg": "EdDSA", "typ": "at+jwt", "kid": "2026-11"}
    assert is_taken(tokens, token)


def test_rotation_of_key_pairs(ed25519: PrivateKey) -> None:
    key = Ed25519PrivateKey.generate()
    keys = {"old": public_pem(ed25519), "new": public_pem(key)}
    old = tokens_with(
        jwt_algorithm="EdDSA",
        jwt_private_key=private_pem(ed25519),
        jwt_public_keys={"old": keys["old"]},
    )
    new = tokens_with(
        jwt_algorithm="EdDSA",
        jwt_private_key=private_pem(key),
        jwt_public_keys=keys,
    )

    assert is_taken(new, issued(old))
    assert not is_taken(old, issued(new))


def test_rsa() -> None:
    key = generate_private_key(65537, 2048)
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = key.private_bytes(*form).decode().replace("\n", "\\n")
    tokens = tokens_with(jwt_algorithm="RS256", jwt_private_key=pem)

    assert header_of(issued(tokens))["alg"] == "RS256"
    assert is_taken(tokens, issued(tokens))


def test_public_key_is_no_shared_secret(ed25519: PrivateKey) -> None:
    """The algorithm belongs to the key: a token can't choose to be HS256."""
    public = public_pem(ed25519)
    tokens = tokens_with(
        jwt_algorithm="EdDSA",
        jwt_private_key=private_pem(ed25519),
        jwt_public_keys={"only": public},
    )
    claims = claims_of(issued(tokens))

    assert not is_taken(tokens, signed(claims, {"kid": "only"}, public.encode()))
    assert not is_taken(tokens, signed(claims, {"kid": "only", "alg": "EdDSA"}))


WRONG = [
    pytest.param({}, "SECRET_KEY", id="none"),
    pytest.param({"secret_key": ""}, "SECRET_KEY", id="empty"),
    pytest.param({"secret_key": RANDOM[:31]}, "SECRET_KEY", id="31"),
    pytest.param({"secret_key": "ab" * 32}, "SECRET_KEY", id="repeated"),
    pytest.param(
        {"secret_key": RANDOM, "secret_key_previous": "zq7"},
        "SECRET_KEY_PREVIOUS",
        id="previous",
    ),
    pytest.param({"jwt_algorithm": "EdDSA"}, "JWT_PRIVATE_KEY", id="no private key"),
    pytest.param(
        {"jwt_algorithm": "EdDSA", "jwt_private_key": "zq7"},
        "JWT_PRIVATE_KEY",
        id="no key",
    ),
]


@pytest.fixture
def no_secret(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.delenv("SECRET_KEY")


@pytest.mark.usefixtures("no_secret")
@pytest.mark.parametrize(("settings", "name"), WRONG)
def test_refused_in_production(settings: dict[str, str], name: str) -> None:
    made = AuthSettings.model_validate(settings)

    with pytest.raises(WrongSecretError, match=rf"^{name} ") as refusal:
        load_keys(made, strict=True)
    assert "zq7" not in str(refusal.value)


@pytest.mark.parametrize(
    "word", ["Change-me", "an-example", "secret", "insecure", "placeholder", "your-key"]
)
def test_example_is_refused_in_production_alone(word: str) -> None:
    load_keys(AuthSettings.model_validate({"secret_key": RANDOM}), strict=True)
    example = AuthSettings.model_validate({"secret_key": word + RANDOM})

    load_keys(example, strict=False)
    with pytest.raises(WrongSecretError, match="example"):
        load_keys(example, strict=True)


@pytest.mark.usefixtures("database")
async def test_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "short")
    app = create_app()

    with pytest.raises(WrongSecretError, match="SECRET_KEY"):
        async with app.router.lifespan_context(app):
            pass
