"""Settings of the application, and the way every settings class is read."""

from typing import Literal, TypeVar

from fastapi import FastAPI, Request
from pydantic_settings import BaseSettings, SettingsConfigDict


class EnvSettings(BaseSettings):
    """Base of all settings classes: `.env`, then the environment; later wins."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )


class Settings(EnvSettings):
    """Settings of the application itself. A feature has a class of its own."""

    environment: Literal["local", "test", "staging", "production"] = "local"
    database_url: str = "sqlite+aiosqlite:///app.db"


SettingsT = TypeVar("SettingsT", bound=EnvSettings)


def settings_of(app: FastAPI, kind: type[SettingsT]) -> SettingsT:
    """Return the application's settings of one class, as read when it was created."""
    settings = app.state.settings[kind]
    assert isinstance(settings, kind)
    return settings


class Provide:
    """Dependency that gives a route the application's settings of one class."""

    def __init__(self, kind: type[EnvSettings]) -> None:
        self.kind = kind

    def __call__(self, request: Request) -> EnvSettings:
        return settings_of(request.app, self.kind)
