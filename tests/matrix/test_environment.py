"""The environment of forge's tests holds whatever a generated project may declare."""

import tomllib

from tests.conftest import ROOT
from tests.matrix.upkeep import union


def test_group_of_projects_is_the_union_of_what_projects_declare() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert groups["projects"] == union(), "python -m tests.matrix.upkeep"
