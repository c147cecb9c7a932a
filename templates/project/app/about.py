"""What this service is, as pyproject.toml says it."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

NAME: str = PROJECT["name"]
VERSION: str = PROJECT["version"]
DESCRIPTION: str = PROJECT["description"]
