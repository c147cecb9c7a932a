"""The units of systemd are valid, for each way that nginx may reach the application."""

import sys
from pathlib import Path

import pytest

from tests.rooms.conftest import Render
from tests.rooms.services import required, run

CHOICES = {
    "sqlite": {},
    "postgres": {"database": "postgres"},
    "socket": {"nginx": "socket"},
}


@pytest.mark.parametrize("features", CHOICES.values(), ids=list(CHOICES))
def test_units_are_valid(render: Render, features: dict[str, str], tmp_path: Path) -> None:
    units = []
    for unit in (render(gunicorn=True, **features) / "deploy/systemd").iterdir():
        copy = tmp_path / unit.name
        programs = str(Path(sys.executable).parent)
        copy.write_text(unit.read_text().replace("/opt/demo/.venv/bin", programs))
        units.append(str(copy))

    assert len(units) == 2
    assert run(required("systemd-analyze"), "verify", *units, cwd=tmp_path) == ""
