"""What routes of files ask for."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends

from app.settings import SettingsDep
from app.tenant import CurrentTenant


def get_directory(settings: SettingsDep, tenant: CurrentTenant) -> Path:
    return settings.files_dir / tenant.slug


FilesDirDep = Annotated[Path, Depends(get_directory)]
