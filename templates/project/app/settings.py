"""Settings of the application, and the way every settings class is read."""

import os
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from dotenv import dotenv_values
from fastapi import Depends, FastAPI
from pydantic import AfterValidator, Field, PositiveInt, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from starlette.requests import HTTPConnection

from app.db.url import normalised

Environment = Literal["local", "test", "staging", "production"]


def env_files() -> list[Path]:
    """Name the files that settings are read from; later ones win.

    `.env`, then `.env.<ENVIRONMENT>`; or that which ENV_FILE names, alone.
    """
    named = os.environ.get("ENV_FILE")
    if named is not None:
        return [Path(named)]
    common = Path(".env")
    environment = os.environ.get("ENVIRONMENT") or dotenv_values(common).get(
        "ENVIRONMENT"
    )
    return [common, Path(f".env.{environment or 'local'}")]


class EnvSettings(BaseSettings):
    """Base of all settings classes: files, then the environment; later wins.

    An error names the setting and never shows its value.
    """

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = DotEnvSettingsSource(settings_cls, env_file=env_files())
        return init_settings, env_settings, files


def not_empty(value: Path) -> Path:
    if value == Path():
        raise ValueError("must name a directory")
    return value


def origins_only(origins: list[str]) -> list[str]:
    if "*" in origins:
        raise ValueError('"*" would let every site use the visitor\'s credentials')
    return origins


DatabaseUrl = Annotated[SecretStr, AfterValidator(normalised)]


class Settings(EnvSettings):
    """Settings of the application itself. A feature has a class of its own."""

    environment: Environment = "local"
    database_url: DatabaseUrl = Field(
        SecretStr("sqlite:///app.db"), validate_default=True
    )
    migration_database_url: DatabaseUrl | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    cors_origins: Annotated[list[str], AfterValidator(origins_only)] = []
    allowed_hosts: list[str] = []
    docs_enabled: bool = True
    docs_url: str = Field("/docs", pattern="^/.")
    redoc_url: str = Field("/redoc", pattern="^(/.+)?$")
    max_body_size: PositiveInt = 1024 * 1024
    files_dir: Annotated[Path, AfterValidator(not_empty)] = Path("files")

    @property
    def owner_url(self) -> SecretStr:
        """The database as the role that owns the tables, for migrations."""
        return self.migration_database_url or self.database_url

    @property
    def is_local(self) -> bool:
        """Whether this is a developer's machine or a test."""
        return self.environment in ("local", "test")

    @model_validator(mode="before")
    @classmethod
    def defaults_of_environment(cls, values: dict[str, object]) -> dict[str, object]:
        environment = values.get("environment", "local")
        if environment in ("local", "test"):
            return {"allowed_hosts": ["*"], **values}
        if environment == "production":
            return {"log_format": "json", "docs_enabled": False, **values}
        return values

    @model_validator(mode="after")
    def hosts_are_named(self) -> Self:
        if not self.allowed_hosts:
            raise ValueError("ALLOWED_HOSTS must be set outside local and test")
        return self


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

    async def __call__(self, connection: HTTPConnection) -> EnvSettings:
        return settings_of(connection.app, self.kind)


SettingsDep = Annotated[Settings, Depends(Provide(Settings))]
