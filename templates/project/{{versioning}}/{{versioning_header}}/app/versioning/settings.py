"""Settings of the versions."""

from typing import Annotated

from pydantic import AfterValidator

from app.settings import EnvSettings
from app.versioning.versions import BY_NAME, LATEST


def published(number: int) -> int:
    if str(number) not in BY_NAME:
        raise ValueError(f"must be one of {', '.join(BY_NAME)}")
    return number


class VersioningSettings(EnvSettings):
    """`API_DEFAULT_VERSION` answers requests that name no version."""

    api_default_version: Annotated[int, AfterValidator(published)] = LATEST
