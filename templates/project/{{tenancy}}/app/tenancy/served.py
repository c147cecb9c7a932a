"""The tenants that are served, as requests ask for them."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.tenancy.models import ACTIVE, Tenant
from app.tenancy.slugs import is_slug
from app.tenant import TenantRef

SERVED = select(Tenant.id, Tenant.slug).where(
    Tenant.slug.in_(bindparam("slugs", expanding=True)), Tenant.status == ACTIVE
)


@dataclass
class Question:
    """What a request waits for."""

    slug: str
    tenant: TenantRef | None = None
    error: Exception | None = None
    is_answered: bool = False


class ServedTenants:
    """Finds tenants by name; each request asks, and those that wait ask together.

    A read starts after the requests that it answers, so that a suspension holds at
    once in every process.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.waiting: list[Question] = []
        self.turn = asyncio.Lock()

    async def find(self, slug: str) -> TenantRef | None:
        """Return the tenant that is served under a name."""
        if not is_slug(slug):
            return None
        question = Question(slug)
        self.waiting.append(question)
        async with self.turn:
            if not question.is_answered:
                await self.answer()
        if question.error is not None:
            raise question.error
        return question.tenant

    async def answer(self) -> None:
        """Answer all who wait. A failure is that of those too who came meanwhile."""
        asked, self.waiting = self.waiting, []
        found: dict[str, TenantRef] = {}
        failure: Exception | None = None
        try:
            found = await self.read({question.slug for question in asked})
        except Exception as error:
            failure = error
            asked += self.waiting
            self.waiting = []
        except BaseException:  # this request ends here; the next one asks for the rest
            self.waiting = asked + self.waiting
            raise
        for question in asked:
            question.tenant = found.get(question.slug)
            question.error = failure
            question.is_answered = True

    async def read(self, slugs: Iterable[str]) -> dict[str, TenantRef]:
        """Read without a transaction, which would cost as much as the read."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            rows = await connection.execute(SERVED, {"slugs": list(slugs)})
            return {row.slug: TenantRef(row.id, row.slug) for row in rows}


@asynccontextmanager
async def served_tenants(app: FastAPI) -> AsyncGenerator[None]:
    """Let requests ask for their tenants."""
    app.state.served_tenants = ServedTenants(app.state.engine)
    yield
