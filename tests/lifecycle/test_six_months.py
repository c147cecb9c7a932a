"""A lived-in project stays a healthy one: suite, types and lint after each verb."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastapi_forge.template.catalog import load_catalog
from tests.lifecycle.lived import tree
from tests.lifecycle.six_months import live_in
from tests.lifecycle.test_edits_of_users import marks
from tests.matrix import judges, template
from tests.matrix.cases import NAMED, Case
from tests.matrix.environments import Bench
from tests.matrix.runner import requirements
from tests.support.terminal import REPOSITORY, Forge

FEATURES = [name for name in load_catalog(REPOSITORY / "templates").features if name != "example"]
HISTORY = ("migrations/versions/",)
SEQUENCES = [
    *((name,) for name in FEATURES if name != "redis"),
    ("versioning=header",),
    ("auth", "redis"),
    ("versioning", "graphql", "auth"),
    ("auth", "tenancy", "versioning"),
]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    fullest = tmp_path_factory.mktemp("fullest") / "demo"
    template.render(Case.of(NAMED["everything"]), fullest)
    warmed = [each.name for each in requirements(fullest)]
    bench = Bench(sys.executable, warmed, tmp_path_factory.mktemp("types"))
    yield bench
    bench.runner.close()


@pytest.fixture
def lived_in(real: Forge) -> Path:
    project = real.new()
    live_in(project)
    return project


def assert_healthy(project: Path, bench: Bench) -> None:
    outcome = bench.runner.run(project)
    assert outcome.exit_code == 0, outcome.output
    assert bench.type_checker.check(project).complaint == ""
    assert judges.lint(project) == ""


def test_before_any_verb(lived_in: Path, bench: Bench) -> None:
    assert_healthy(lived_in, bench)


@pytest.mark.parametrize("names", SEQUENCES, ids="-".join)
def test_features_come_and_go(
    real: Forge,
    lived_in: Path,
    bench: Bench,
    names: tuple[str, ...],
) -> None:
    before, mine = tree(lived_in, HISTORY), marks(lived_in)
    for name in names:
        real("add", name, cwd=lived_in)
    assert marks(lived_in) == mine
    assert_healthy(lived_in, bench)
    real("remove", *names, cwd=lived_in)
    assert tree(lived_in, HISTORY) == before


def test_the_example_goes(real: Forge, lived_in: Path, bench: Bench) -> None:
    real("remove", "example", cwd=lived_in)
    assert not (lived_in / "app" / "items").exists()
    assert (lived_in / "app" / "invoices" / "router.py").exists()
    assert_healthy(lived_in, bench)
