"""Connections of those who make and drop the tenants' storage."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.tenancy.storage import clear, provision
from app.tenant import TenantRef


@pytest.fixture
def disposed(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[AsyncEngine]]:
    """The engines that are closed while every statement fails."""
    engines: list[AsyncEngine] = []

    async def fail(*args: object, **options: object) -> None:
        raise OSError("broken pipe")

    async def dispose(engine: AsyncEngine) -> None:
        engines.append(engine)

    with monkeypatch.context() as patch:
        patch.setattr(AsyncConnection, "execute", fail)
        patch.setattr(AsyncEngine, "dispose", dispose)
        yield engines


@pytest.mark.parametrize("work", [provision, clear])
async def test_engine_is_closed_when_the_work_fails(
    app: FastAPI,
    disposed: list[AsyncEngine],
    work: Callable[[FastAPI, TenantRef], Awaitable[None]],
) -> None:
    with pytest.raises(OSError, match="broken pipe"):
        await work(app, TenantRef(uuid4(), "new"))

    assert len(disposed) == 1
