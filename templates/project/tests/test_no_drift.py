"""The migrations make just the tables that the models describe."""

import pytest
from alembic import command

from app.db.migrations import alembic_config
from tests.database import Databases


def test_no_drift(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", databases.empty())
    config = alembic_config()

    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "base")
