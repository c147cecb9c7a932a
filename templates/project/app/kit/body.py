"""What is checked of a request's body before its route sees it."""

import json
import math
import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.layer import HttpLayer
from app.kit.problem import InvalidValueError, ProblemError

MAX_JSON_VALUES = 10_000  # in one body: each wrong one costs time
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # NUL, half a surrogate pair


class CrowdedBodyError(InvalidValueError):
    """A body holds more than `MAX_JSON_VALUES` values (422)."""

    def __init__(self) -> None:
        super().__init__(["body"], f"A body may hold {MAX_JSON_VALUES} values at most")


class StrictRequest(Request):
    """A request whose JSON is read strictly: the place for rules on all JSON input.

    Refused are bodies above `max_size` bytes, numbers that JSON doesn't have (NaN,
    Infinity, 1e999), numbers and nestings that exhaust the parser, NUL and halves of
    surrogate pairs.
    """

    def __init__(self, scope: Scope, receive: Receive, max_size: int) -> None:
        super().__init__(scope, receive)
        self.max_size = max_size

    async def stream(self) -> AsyncGenerator[bytes]:
        announced = self.headers.get("content-length", "")
        self.check(int(announced) if announced.isdecimal() else 0)
        size = 0
        async for chunk in super().stream():
            size += len(chunk)
            self.check(size)
            yield chunk

    def check(self, size: int) -> None:
        if size > self.max_size:
            raise ProblemError(413, f"A body may have {self.max_size} bytes at most")

    async def json(self) -> Any:
        body = await self.body()
        try:
            content = json.loads(
                body.decode(), parse_constant=refuse, parse_float=finite
            )
        except (ValueError, RecursionError):
            raise ProblemError(400, "The body is not valid JSON") from None
        if b"\\u" in body and any(map(unstorable, strings(content))):
            raise InvalidValueError(
                ["body"], "Text must not hold NUL or half a surrogate pair"
            )
        return content


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("number out of range")
    return value


def count_values(text: bytes) -> int:
    """Count the values of JSON by its marks, which is cheaper than to read it."""
    unescaped = text.replace(rb"\\", b"").replace(rb"\"", b"")
    outside = b'"'.join(unescaped.split(b'"')[::2]).translate(None, b" \t\r\n")
    marks = sum(outside.count(mark) for mark in (b",", b"[", b"{"))
    return 1 + marks - outside.count(b"[]") - outside.count(b"{}")


def strings(content: Any) -> Iterator[str]:
    """Yield every string and key of a JSON document."""
    rest = [content]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            rest.extend(value)
        elif isinstance(value, dict):
            yield from value
            rest.extend(value.values())


def unstorable(text: str) -> bool:
    return UNSTORABLE.search(text) is not None


def is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    main, _, sub = media_type.partition("/")
    return main == "application" and (sub == "json" or sub.endswith("+json"))


def wants_json(scope: Scope) -> bool:
    """Tell whether the matched route reads a JSON body."""
    route = scope.get("route")
    field = route.body_field if isinstance(route, APIRoute) else None
    return field is not None and not isinstance(field.field_info, Form)


def may_have_body(scope: Scope) -> bool:
    """Tell whether a body can follow: HTTP/1 announces each one, later ones none."""
    headers = Headers(scope=scope)
    announced = "content-length" in headers or "transfer-encoding" in headers
    return announced or not scope["http_version"].startswith("1")


class BodyMiddleware(HttpLayer):
    """Read the body first: at most `max_size` bytes (413), JSON as JSON (400, 422).

    A route that takes JSON gets nothing else (415), and no route a crowded body.
    """

    def __init__(self, app: ASGIApp, max_size: int) -> None:
        super().__init__(app)
        self.max_size = max_size

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not may_have_body(scope):
            await self.app(scope, receive, send)
            return
        request = StrictRequest(scope, receive, self.max_size)
        body = await request.body()
        as_json = is_json(request.headers.get("content-type", ""))
        crowded = as_json and count_values(body) > MAX_JSON_VALUES
        given = False

        async def receive_whole() -> Message:
            nonlocal given
            if given:
                return await receive()
            if body and not as_json and wants_json(scope):
                raise ProblemError(415, "The body must be JSON by its Content-Type")
            if crowded:
                raise CrowdedBodyError
            given = True
            return {"type": "http.request", "body": body}

        if body and as_json and not crowded:
            await request.json()
        await self.app(scope, receive_whole, send)
