"""Tokens made by hand, as an attacker makes them."""

import base64
import hashlib
import hmac
import json
from typing import Any

SECRET = b"only for tests: 0123456789abcdef"
HEADER = {"alg": "HS256", "typ": "at+jwt"}


def encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def signed(
    claims: dict[str, Any] | bytes,
    header: dict[str, Any] | None = None,
    key: bytes = SECRET,
) -> str:
    """Sign claims with a key; the header may say anything."""
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    head = json.dumps(HEADER | (header or {})).encode()
    signing = encoded(head) + b"." + encoded(body)
    signature = hmac.new(key, signing, hashlib.sha256).digest()
    return (signing + b"." + encoded(signature)).decode()


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    return claims


def header_of(token: str) -> dict[str, Any]:
    return claims_of(f".{token.split('.')[0]}.")
