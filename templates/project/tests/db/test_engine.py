import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import AsyncMock, Mock

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.db import engine as module
from app.db.engine import create_engine
from app.db.errors import DatabaseUnavailableError, is_unavailable
from app.main import create_app
from app.settings import Environment, Settings
from tests.conftest import browse

INSERT = text("INSERT INTO t VALUES (1)")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStr:
    monkeypatch.setattr(module, "WAIT", 0.01)
    monkeypatch.setattr(module, "LOCK", 0.01)
    return SecretStr(f"sqlite+aiosqlite:///{tmp_path}/test.db")


async def test_database_that_is_not_there(
    url: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiosqlite.connect", Mock(side_effect=OSError("refused")))
    engine = create_engine(url)

    with pytest.raises(DatabaseUnavailableError):
        await engine.connect()


async def start(environment: Environment, url: SecretStr) -> None:
    """Open the database of an application, and close it."""
    settings = Settings(
        environment=environment, allowed_hosts=["a.example"], database_url=url
    )
    app = FastAPI()
    app.state.settings = {Settings: settings}
    async with module.database(app):
        pool = app.state.engine.pool
        async with app.state.engine.connect():
            pass
    assert pool.checkedin() == 0


@pytest.mark.parametrize(
    ("environment", "warned"), [("production", True), ("staging", False)]
)
async def test_sqlite_in_production(
    environment: Environment,
    warned: bool,
    url: SecretStr,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await start(environment, url)

    assert ("SQLite in production" in caplog.text) == warned


@pytest.mark.parametrize(
    ("environment", "migrated"), [("local", True), ("staging", False)]
)
async def test_a_local_start_migrates(
    environment: Environment,
    migrated: bool,
    url: SecretStr,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upgrade = AsyncMock()
    monkeypatch.setattr(module, "upgrade", upgrade)

    await start(environment, url)

    assert upgrade.called == migrated


async def test_exhausted_pool(url: SecretStr) -> None:
    engine = create_engine(url, connections=1)

    async with engine.connect():
        with pytest.raises(PoolTimeoutError) as refusal:
            await engine.connect()

    assert is_unavailable(refusal.value)
    await engine.dispose()


async def test_locked_database(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.begin() as first, engine.connect() as second:
        await first.execute(text("CREATE TABLE t (n INTEGER)"))
        await first.execute(INSERT)
        with pytest.raises(DBAPIError) as refusal:
            await second.execute(INSERT)

    assert is_unavailable(refusal.value)
    await engine.dispose()


async def test_first_connection_while_another_process_writes(url: SecretStr) -> None:
    path = make_url(url.get_secret_value()).database
    assert path
    engine = create_engine(url)

    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1

    await engine.dispose()


async def test_commits_do_not_wait_for_the_disk(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 1  # NORMAL

    await engine.dispose()


async def test_wrong_statement_is_a_defect(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as refusal:
            await connection.execute(text("SELECT * FROM nowhere"))

    assert not is_unavailable(refusal.value)
    await engine.dispose()


async def test_values_are_not_shown(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE parent (id TEXT PRIMARY KEY)"))
        await connection.execute(text("CREATE TABLE child (id TEXT REFERENCES parent)"))
        with pytest.raises(IntegrityError, match="FOREIGN KEY") as refusal:
            await connection.execute(
                text("INSERT INTO child VALUES (:id)"), {"id": "SENTINEL"}
            )

    assert "SENTINEL" not in str(refusal.value)
    await engine.dispose()


async def test_rollback_takes_savepoints_back(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
        async with connection.begin_nested():
            await connection.execute(INSERT)
        await connection.rollback()
        assert await connection.scalar(text("SELECT count(*) FROM t")) == 0

    await engine.dispose()


async def test_reader_holds_no_writer_up(url: SecretStr) -> None:
    engine = create_engine(url)

    async with engine.connect() as reader, engine.connect() as writer:
        await writer.execute(text("CREATE TABLE t (n INTEGER)"))
        await reader.exec_driver_sql("BEGIN")
        await reader.execute(text("SELECT * FROM t"))
        await writer.execute(INSERT)
        await writer.commit()

    await engine.dispose()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DatabaseUnavailableError(), 503),
        (PoolTimeoutError(), 503),
        (DBAPIError("SELECT", {}, Exception()), 500),
    ],
)
async def test_unavailable_database_is_503(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    app = FastAPI()
    app.exception_handlers |= create_app().exception_handlers

    @app.get("/")
    async def fail() -> None:
        raise error

    async with browse(app, host="test") as client:
        answer = await client.get("/")

    assert answer.status_code == status
    assert (answer.headers.get("retry-after") == "5") == (status == 503)
    assert (type(error).__name__ in capsys.readouterr().err) == (status == 503)
