"""Renders each combination once a worker, keeps what failed, counts the verdicts."""

import contextlib
import io
import os
import shlex
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import plumbum
import pytest
from pytest_copie.plugin import Copie

from tests.conftest import ROOT
from tests.matrix import judges
from tests.matrix.cases import Case, cases
from tests.matrix.environments import Bench, UnavailableError, python_of
from tests.matrix.runner import requirements
from tests.matrix.verdicts import Verdict, Verdicts
from tests.rooms.services import missing
from tests.support import services

KEPT = ROOT / ".test-output"


@dataclass(frozen=True)
class Project:
    """A rendered combination."""

    case: Case
    path: Path


Settle: TypeAlias = Callable[[str, list[str], Callable[[], Verdict]], str]
Render: TypeAlias = Callable[[Case], Path]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "project" in metafunc.fixturenames:
        chosen = cases(metafunc.config.getoption("--matrix"))
        ids = [case.id for case in chosen]
        metafunc.parametrize("project", chosen, ids=ids, indirect=True, scope="session")


@pytest.fixture(scope="session")
def render(copie_session: Copie) -> Render:
    """Renders a case by plain Copier; its answers must all be questions of the template."""

    def render(case: Case) -> Path:
        answers = {"project_name": "demo", **case.answers}
        # Copier asks git about each file where there is one: 40 % of the time.
        hidden = plumbum.local.env(PATH=os.devnull)
        with hidden, contextlib.redirect_stderr(io.StringIO()) as progress:
            result = copie_session.copy(answers)
        assert result.exit_code == 0, f"{case.id}: {result.exception}\n{progress.getvalue()}"
        assert result.project_dir is not None
        assert answers.items() <= result.answers.items(), f"{case.id}: not asked by the template"
        return Path(result.project_dir)

    return render


@pytest.fixture(scope="session")
def project(request: pytest.FixtureRequest, render: Render) -> Iterator[Project]:
    path = render(request.param)
    yield Project(request.param, path)
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def benches(
    render: Render, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Case], Bench]]:
    """Gives the bench of a case; skips the test where its environment can't be made."""
    fullest = render(next(case for case in cases("quick") if case.id))
    warmed = [each.name for each in requirements(fullest)]
    made: dict[str, Bench] = {}

    def bench(case: Case) -> Bench:
        try:
            python = python_of(case)
        except UnavailableError as error:
            missing(str(error))
        if python not in made:
            made[python] = Bench(python, warmed, tmp_path_factory.mktemp("types"))
        return made[python]

    yield bench
    for each in made.values():
        each.runner.close()


@pytest.fixture
def bench(project: Project, benches: Callable[[Case], Bench]) -> Bench:
    return benches(project.case)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder that all workers of this run share, and no other run."""
    return Path(os.environ["FORGE_RUN"])


@pytest.fixture
def surroundings(project: Project, run_folder: Path) -> dict[str, str]:
    """What the suite of a project is told about this machine's servers."""
    if project.case.full["database"] == "postgres":
        return {"TEST_DATABASE_URL": services.postgres(run_folder / "postgres")}
    return {}


@pytest.fixture(scope="session")
def verdicts(request: pytest.FixtureRequest, run_folder: Path) -> Verdicts:
    chosen = request.config.getoption("--verdicts")
    return Verdicts(Path(chosen) if chosen else run_folder / "verdicts")


@pytest.fixture
def settle(
    project: Project, verdicts: Verdicts, record_property: Callable[[str, object], None]
) -> Settle:
    """Asks a slow judge unless it has judged an equal project; answers its complaint."""

    def settle(judge: str, paths: list[str], ask: Callable[[], Verdict]) -> str:
        verdict, known = verdicts.settle(judge, project.path, paths, ask)
        record_property(judge, "equal" if known else "run")
        return verdict.complaint

    return settle


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    project = getattr(item, "funcargs", {}).get("project")
    if report.failed and isinstance(project, Project):
        kept = judges.keep(project.path, KEPT / project.case.id)
        again = f"pytest {shlex.quote(item.nodeid)}"
        report.sections.append(("combination", f"tree: {kept}\nagain: {again}"))
    return report
