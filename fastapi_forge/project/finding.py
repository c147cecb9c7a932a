"""Where a project is: what completion needs of it, and loads little for."""

from pathlib import Path

from fastapi_forge.project.lock import LOCK_NAME


def find_project(start: Path, known_by: str = LOCK_NAME) -> Path | None:
    """The nearest folder upwards that has a file of this name."""
    here = start.resolve()
    return next((path for path in (here, *here.parents) if (path / known_by).is_file()), None)
