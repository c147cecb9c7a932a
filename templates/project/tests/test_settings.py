from pathlib import Path

import pytest
from fastapi import FastAPI, WebSocket
from pydantic import ValidationError
from pydantic_settings import SettingsError
from starlette.testclient import TestClient

from app.settings import Settings, SettingsDep


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory whose `.env` files are read."""
    monkeypatch.chdir(tmp_path)
    for name in ("ENV_FILE", "ENVIRONMENT"):
        monkeypatch.delenv(name)
    return tmp_path


def test_later_source_wins(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(directory / ".env", "LOG_LEVEL=ERROR\nDOCS_URL=/one\nREDOC_URL=/one\nX=1\n")
    write(directory / ".env.local", "DOCS_URL=/two\nREDOC_URL=/two\n")
    monkeypatch.setenv("REDOC_URL", "/three")

    settings = Settings()

    assert settings.is_local
    assert settings.log_level == "ERROR"
    assert settings.docs_url == "/two"
    assert settings.redoc_url == "/three"


def test_environment_may_come_from_the_file(directory: Path) -> None:
    write(directory / ".env", 'ENVIRONMENT=staging\nALLOWED_HOSTS=["a.example"]\n')
    write(directory / ".env.staging", "DOCS_URL=/staging\n")

    assert Settings().docs_url == "/staging"


def test_named_file_stands_alone(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(directory / ".env", "DOCS_URL=/one\n")
    write(directory / "other", "REDOC_URL=/other\n")
    monkeypatch.setenv("ENV_FILE", str(directory / "other"))

    settings = Settings()

    assert (settings.docs_url, settings.redoc_url) == ("/docs", "/other")


def test_defaults_of_production() -> None:
    settings = Settings(environment="production", allowed_hosts=["a.example"])

    assert not settings.is_local
    assert settings.log_format == "json"
    assert not settings.docs_enabled


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_hosts_must_be_named(environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)

    with pytest.raises(ValidationError, match="ALLOWED_HOSTS"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "SENTINEL"),
        ("ENVIRONMENT", ""),
        ("DATABASE_URL", "SENTINEL"),
        ("DATABASE_URL", "mysql://user:SENTINEL@host/name"),
        ("DATABASE_URL", ""),
        ("LOG_LEVEL", "SENTINEL"),
        ("LOG_FORMAT", ""),
        ("CORS_ORIGINS", "SENTINEL"),
        ("CORS_ORIGINS", '["*"]'),
        ("CORS_ORIGINS", ""),
        ("DOCS_ENABLED", "SENTINEL"),
        ("DOCS_URL", ""),
        ("REDOC_URL", "SENTINEL"),
        ("MAX_BODY_SIZE", "0"),
        ("FILES_DIR", ""),
    ],
)
def test_wrong_value_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises((ValidationError, SettingsError)) as refusal:
        Settings()

    assert name.lower() in str(refusal.value)
    assert "SENTINEL" not in str(refusal.value)


def test_password_of_the_database_is_not_shown() -> None:
    settings = Settings(database_url="postgresql://user:SENTINEL@host/name")

    assert "SENTINEL" not in repr(settings)


def test_socket_is_given_settings() -> None:
    async def tell(socket: WebSocket, settings: SettingsDep) -> None:
        await socket.accept()
        await socket.send_text(settings.docs_url)

    app = FastAPI()
    app.state.settings = {Settings: Settings(docs_url="/handbook")}
    app.add_api_websocket_route("/told", tell)

    with TestClient(app).websocket_connect("/told") as socket:
        assert socket.receive_text() == "/handbook"
