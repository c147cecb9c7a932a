"""Fixtures for the tests of who may what."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each pool have one connection: a request that wants two waits in vain."""

    def create(url: str, **options: Any) -> AsyncEngine:
        return create_async_engine(url, **{**options, "pool_size": 1})

    monkeypatch.setattr("app.db.engine.create_async_engine", create)
