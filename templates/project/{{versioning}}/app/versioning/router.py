"""Which versions there are."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.versioning.versions import LATEST, VERSIONS

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
async def get() -> Versions:
    """List the versions with their dates: deprecated since, switched off after."""
    return Versions(
        versions=[VersionRead.model_validate(version) for version in VERSIONS],
        default=LATEST,
    )
