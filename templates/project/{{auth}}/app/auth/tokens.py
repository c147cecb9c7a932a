"""Access tokens: JWTs in the form of RFC 9068."""

import time
from typing import Any, Literal
from uuid import UUID, uuid4

import jwt
from pydantic import BaseModel, StrictInt
from starlette.requests import HTTPConnection

from app.auth.keys import Keys
from app.auth.settings import AuthSettings

HEADER_TYPE = "at+jwt"
CLIENT_ID = "first-party"
LEEWAY = 30


class InvalidTokenError(Exception):
    """The token wasn't made here, for here and for now."""


class AccessClaims(BaseModel):
    """What an access token has to say; another type or a missing claim is refused."""

    iss: str
    aud: str
    sub: UUID
    client_id: str
    iat: StrictInt
    nbf: StrictInt
    exp: StrictInt
    jti: str
    sid: UUID
    scope: str
    typ: Literal["access"]


class Tokens:
    """Issues and verifies access tokens."""

    def __init__(self, keys: Keys, settings: AuthSettings) -> None:
        self.keys = keys
        self.settings = settings

    def issue(self, user_id: UUID, family_id: UUID, scope: str) -> str:
        """Sign a token for a user's session."""
        now = int(time.time())
        claims = {
            "iss": self.settings.jwt_issuer,
            "aud": self.settings.jwt_audience,
            "sub": str(user_id),
            "client_id": CLIENT_ID,
            "iat": now,
            "nbf": now,
            "exp": now + self.settings.auth_access_seconds,
            "jti": str(uuid4()),
            "sid": str(family_id),
            "scope": scope,
            "typ": "access",
        }
        headers = {"typ": HEADER_TYPE, "kid": self.keys.kid}
        return jwt.encode(
            claims | self.claims(),
            self.keys.signing,
            algorithm=self.keys.algorithm,
            headers=headers,
        )

    def verify(self, token: str) -> AccessClaims:
        """Return the claims of a token that is good here and now.

        Raises:
            InvalidTokenError: in every other case.
        """
        try:
            payload = self.decoded(token)
            claims = AccessClaims.model_validate(payload)
        except (jwt.PyJWTError, ValueError, ArithmeticError) as error:
            raise InvalidTokenError from error
        self.check(payload)
        return claims

    def claims(self) -> dict[str, Any]:
        """Return further claims for each token; a subclass says which."""
        return {}

    def check(self, payload: dict[str, Any]) -> None:
        """Refuse a token by its further claims, with InvalidTokenError."""

    def decoded(self, token: str) -> dict[str, Any]:
        for kid, key in self.keys.verifying.items():
            try:
                decoded = jwt.decode_complete(
                    token,
                    key,
                    algorithms=[self.keys.algorithm],
                    issuer=self.settings.jwt_issuer,
                    audience=self.settings.jwt_audience,
                    leeway=LEEWAY,
                )
            except jwt.InvalidSignatureError:
                continue
            check_header(decoded["header"], kid)
            payload: dict[str, Any] = decoded["payload"]
            return payload
        raise InvalidTokenError


def check_header(header: dict[str, Any], kid: str) -> None:
    """Refuse what is no access token, or names another key than its own."""
    if header.get("typ") != HEADER_TYPE or header.get("kid", kid) != kid:
        raise InvalidTokenError


async def get_tokens(connection: HTTPConnection) -> Tokens:
    tokens: Tokens = connection.app.state.tokens
    return tokens
