import re

import pytest
from httpx2 import AsyncClient


@pytest.mark.parametrize("given", ["a", "A.b_c-9", "x" * 128])
async def test_harmless_id_is_echoed(things: AsyncClient, given: str) -> None:
    answer = await things.get("/health", headers={"X-Request-ID": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a/b", "x" * 129])
async def test_other_id_is_replaced(things: AsyncClient, given: str) -> None:
    answer = await things.get("/health", headers=[("X-Request-ID", given)])

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_two_ids_are_none(things: AsyncClient) -> None:
    both = [("X-Request-ID", "a"), ("X-Request-ID", "b")]

    answer = await things.get("/health", headers=both)

    assert answer.headers["x-request-id"] not in ("a", "b")
