import asyncio
import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import text

from app.db import migrations
from app.db.url import normalised
from tests import ROOT
from tests.database import Databases

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {parent!r}


def upgrade() -> None:
    op.create_table("{name}", sa.Column("n", sa.Integer()))
"""


@pytest.fixture(autouse=True)
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of two revisions, `one` and `two`."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    shutil.copy(ROOT / "migrations" / "env.py", versions.parent)
    for name, parent in (("one", None), ("two", "one")):
        revision = REVISION.format(name=name, parent=parent)
        (versions / f"{name}.py").write_text(revision)
    config = migrations.alembic_config()
    config.set_main_option("script_location", str(versions.parent))
    script = ScriptDirectory.from_config(config)
    monkeypatch.setattr(migrations, "alembic_config", lambda: config)
    monkeypatch.setattr(migrations, "revisions", lambda: script)
    return versions


@pytest.fixture
def url(databases: Databases) -> SecretStr:
    return normalised(SecretStr(databases.empty()))


async def missing(url: SecretStr, statement: str = "SELECT 1") -> set[str]:
    """Return what is missing after a statement."""
    engine = migrations.migration_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
        found = await connection.run_sync(migrations.missing_revisions)
    await engine.dispose()
    return found


async def test_empty_database_lacks_all(url: SecretStr) -> None:
    assert await missing(url) == {"one", "two"}


async def test_upgrade(url: SecretStr) -> None:
    await migrations.upgrade(url)

    assert await missing(url) == set()


async def test_processes_that_upgrade_at_once(url: SecretStr) -> None:
    await asyncio.gather(*(migrations.upgrade(url) for _ in range(3)))

    assert await missing(url) == set()


async def test_schema_behind_the_code(url: SecretStr) -> None:
    await migrations.upgrade(url)

    behind = "UPDATE alembic_version SET version_num = 'one'"
    assert await missing(url, behind) == {"two"}


async def test_schema_ahead_of_the_code(url: SecretStr) -> None:
    await migrations.upgrade(url)

    ahead = "UPDATE alembic_version SET version_num = 'three'"
    assert await missing(url, ahead) == set()
