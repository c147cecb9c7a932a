"""What forge asks of git."""

from pathlib import Path

import pytest

from fastapi_forge import git


@pytest.mark.parametrize("place", ["", "services", "services/shop"])
def test_a_place_in_a_repository_need_not_be_there_yet(tmp_path: Path, place: str) -> None:
    assert git.place_in_repository(tmp_path / place) == ""
    git.start_repository(tmp_path, "Start")
    assert git.place_in_repository(tmp_path / place) == place
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    assert git.place_in_repository(tmp_path / place) == place
