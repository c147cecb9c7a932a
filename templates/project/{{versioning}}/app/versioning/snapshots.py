"""The published contract of each version, as committed in `openapi/`."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from app.about import ROOT
from app.versioning.documents import contract_of
from app.versioning.versions import VERSIONS


def file_of(number: int) -> Path:
    return ROOT / "openapi" / f"v{number}.json"


def read(number: int) -> dict[str, Any]:
    contract: dict[str, Any] = json.loads(file_of(number).read_text("utf-8"))
    return contract


def write_all(app: FastAPI) -> None:
    """Renew every snapshot by what the application serves now."""
    for version in VERSIONS:
        contract = contract_of(app, version.number)
        text = json.dumps(contract, indent=2, sort_keys=True, ensure_ascii=False)
        file_of(version.number).write_text(f"{text}\n", "utf-8")
