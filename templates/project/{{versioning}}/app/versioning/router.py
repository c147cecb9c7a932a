"""Which versions there are."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.versioning.selection import default_version
from app.versioning.versions import VERSIONS

router = APIRouter(tags=["versions"])


class VersionRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    version: int = Field(validation_alias="number")
    released: date
    deprecated: date | None
    sunset: date | None


class Versions(BaseModel):
    versions: list[VersionRead]
    default: int


@router.get("/versions")
async def get(default: Annotated[int, Depends(default_version)]) -> Versions:
    """List the versions with their dates: deprecated since, switched off after."""
    return Versions(
        versions=[VersionRead.model_validate(version) for version in VERSIONS],
        default=default,
    )
