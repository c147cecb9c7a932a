"""Requests that ask for their tenants at the same time."""

import asyncio
from collections.abc import Iterable

import pytest
from fastapi import FastAPI

from app.tenancy.served import ServedTenants
from app.tenancy.service import Tenants
from app.tenant import TenantRef


class Held(ServedTenants):
    """Reads when it is told to, and counts."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app.state.engine)
        self.asked = asyncio.Event()
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.reads: list[set[str]] = []
        self.failure: Exception | None = None

    async def read(self, slugs: Iterable[str]) -> dict[str, TenantRef]:
        self.reads.append(set(slugs))
        self.asked.set()
        found = await super().read(slugs)
        self.begun.set()
        await self.go.wait()
        if self.failure is not None:
            raise self.failure
        return found


@pytest.fixture
def held(app: FastAPI) -> Held:
    return Held(app)


def ask(held: Held, *slugs: str) -> list[asyncio.Task[TenantRef | None]]:
    return [asyncio.create_task(held.find(slug)) for slug in slugs]


async def test_those_who_wait_ask_together(held: Held) -> None:
    first = ask(held, "acme")
    await held.begun.wait()
    others = ask(held, *["globex", "nobody", "acme"] * 10)
    await asyncio.sleep(0)
    held.go.set()

    found = await asyncio.gather(*first, *others)

    slugs = [tenant.slug if tenant else None for tenant in found]
    assert slugs == ["acme", *["globex", None, "acme"] * 10]
    assert held.reads == [{"acme"}, {"acme", "globex", "nobody"}]


async def test_no_answer_is_older_than_its_request(app: FastAPI, held: Held) -> None:
    before = ask(held, "acme")
    await held.begun.wait()
    await Tenants(app).suspend("acme")
    after = ask(held, "acme")
    await asyncio.sleep(0)
    held.go.set()

    assert (await before[0], await after[0]) != (None, None)
    assert await after[0] is None


async def test_others_are_answered_when_a_request_ends(held: Held) -> None:
    first, second = ask(held, "acme", "globex")
    await held.begun.wait()
    first.cancel()
    held.go.set()

    tenant = await asyncio.wait_for(second, 5)

    assert tenant is not None
    assert tenant.slug == "globex"


async def test_others_of_the_same_read_are_answered_too(held: Held) -> None:
    first = ask(held, "acme")
    await held.begun.wait()
    reader, other = ask(held, "globex", "acme")
    held.asked.clear()
    held.go.set()
    await held.asked.wait()
    held.go.clear()
    reader.cancel()
    held.go.set()

    tenant = await asyncio.wait_for(other, 5)

    assert held.reads[1] == {"globex", "acme"}
    assert await first[0] == tenant


async def test_a_failure_is_that_of_all_who_wait(held: Held) -> None:
    held.failure = OSError("no answer")
    first = ask(held, "acme")
    await held.begun.wait()
    others = ask(held, "globex", "acme")
    await asyncio.sleep(0)
    held.go.set()

    failed = await asyncio.gather(*first, *others, return_exceptions=True)

    assert failed == [held.failure] * 3
    assert len(held.reads) == 1
    held.failure = None
    assert await held.find("acme")
