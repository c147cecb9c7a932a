"""The contracts shipped in `openapi/` are those that the project itself would write."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rooms.conftest import Render


@pytest.mark.parametrize(
    "features",
    [
        {"versioning": "path"},
        {"versioning": "header"},
        {"versioning": "path", "example": False},
        {"versioning": "header", "example": False},
        {"versioning": "path", "auth": True, "tenancy": "row", "graphql": "strawberry"},
    ],
    ids=lambda features: "+".join(map(str, features.values())),
)
def test_snapshot_changes_nothing(
    render: Render, tmp_path: Path, features: dict[str, bool | str]
) -> None:
    project = tmp_path / "demo"
    shutil.copytree(render(**features), project)
    shipped = contracts(project)

    subprocess.run([sys.executable, "-m", "app.versioning", "snapshot"], cwd=project, check=True)

    assert shipped.keys() == {"v1.json", "v2.json"}
    assert contracts(project) == shipped


def contracts(project: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (project / "openapi").iterdir()}
