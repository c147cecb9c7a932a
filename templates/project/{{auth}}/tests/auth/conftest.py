"""Fixtures for the tests of who may what."""

from functools import partial

import pytest
from sqlalchemy.ext.asyncio import create_async_engine


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each pool have one connection: a request that wants two waits in vain."""
    create = partial(create_async_engine, pool_size=1, max_overflow=0)
    monkeypatch.setattr("app.db.engine.create_async_engine", create)
