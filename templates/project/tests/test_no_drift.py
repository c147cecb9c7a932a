"""The migrations make just the tables that the models describe."""

from collections.abc import Iterator

import pytest
from alembic import command

from app.db.migrations import alembic_config
from tests.database import Databases


@pytest.fixture
def empty_database(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    with databases.empty() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        yield


@pytest.mark.usefixtures("empty_database")
def test_no_drift() -> None:
    config = alembic_config()

    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "base")
