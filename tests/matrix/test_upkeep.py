"""What is derived from the template is fresh, and what projects need is installed."""

import tomllib
from importlib.metadata import distribution

from packaging.requirements import Requirement

from tests.conftest import ROOT
from tests.matrix.upkeep import conditions, derived


def test_fresh() -> None:
    stale = [file.name for file, text in derived().items() if file.read_text() != text]
    assert stale == [], "python -m tests.matrix.upkeep"


def test_dependencies_of_projects_are_installed() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for requirement in map(Requirement, groups["projects"]):
        assert requirement.specifier.contains(distribution(requirement.name).version), requirement


def test_conditions_are_counted() -> None:
    text = "{% if auth %}\n{{ 'a' if tenancy }}\n{%- elif b %}\n{% endif %}\n{{ name }}\n"
    assert conditions(text) == 3
