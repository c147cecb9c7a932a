"""What is derived from the template is fresh, and what projects need is installed."""

from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT
from tests.matrix.upkeep import conditions, derived, union


@pytest.mark.parametrize("name", ["pyproject.toml", "README.md", "docs/rooms.md"])
def test_fresh(name: str) -> None:
    file = ROOT / name
    assert file.exists()
    assert file.read_text() == derived()[file], "python -m tests.matrix.upkeep"


@pytest.mark.parametrize("requirement", union())
def test_dependency_of_projects_is_installed(requirement: str) -> None:
    wanted = Requirement(requirement)
    assert wanted.specifier.contains(distribution(wanted.name).version)


def test_conditions_are_counted() -> None:
    text = "{% if auth %}\n{{ 'a' if tenancy }}\n{%- elif b %}\n{% endif %}\n{{ name }}\n"
    assert conditions(text) == 3
