"""What routes of files ask for."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends

from app.settings import SettingsDep


def get_directory(settings: SettingsDep) -> Path:
    return settings.files_dir


FilesDirDep = Annotated[Path, Depends(get_directory)]
