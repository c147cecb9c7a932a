"""Writes what is derived from the template: the group `projects` of forge's `pyproject.toml`.

Run it after a dependency of the template changed: `python -m tests.matrix.upkeep`.
"""

import tempfile
import tomllib
from pathlib import Path

import tomlkit

from tests.conftest import ROOT
from tests.matrix import oracle
from tests.matrix.cases import Case
from tests.matrix.template import render


def richest() -> list[Case]:
    """Cases that together have every kind of every feature and every database."""
    width = max(len(oracle.values(factor)) for factor in oracle.factors())
    chosen = []
    for place in range(width):
        choice = {}
        for factor in oracle.factors():
            values = [value for value in oracle.values(factor) if value != "off"]
            choice[factor] = values[min(place, len(values) - 1)]
        chosen.append(Case.of(choice))
    return [case for case in dict.fromkeys(chosen) if oracle.valid(dict(case.choice))]


def declared(project: Path) -> set[str]:
    """The requirements of a project, its dev group included."""
    document = tomllib.loads((project / "pyproject.toml").read_text())
    return {*document["project"]["dependencies"], *document["dependency-groups"]["dev"]}


def union() -> list[str]:
    """What generated projects declare, all of them together."""
    found: set[str] = set()
    for case in richest():
        with tempfile.TemporaryDirectory() as folder:
            render(case, Path(folder))
            found |= declared(Path(folder))
    return sorted(found)


def write_group() -> None:
    file = ROOT / "pyproject.toml"
    document = tomlkit.parse(file.read_text())
    group = tomlkit.array()
    group.extend(union())
    groups = document["dependency-groups"]
    assert isinstance(groups, dict)
    groups["projects"] = group.multiline(multiline=True)
    file.write_text(tomlkit.dumps(document).replace("\n    ", "\n  "))


if __name__ == "__main__":
    write_group()
