"""Every combination of features before every judge."""

import pytest

from tests.matrix import judges
from tests.matrix.conftest import Project, Settle
from tests.matrix.environments import Bench


def clear(complaint: str) -> None:
    if complaint:
        pytest.fail(complaint, pytrace=False)


def test_own_suite(
    project: Project, settle: Settle, bench: Bench, surroundings: dict[str, str]
) -> None:
    read = judges.code(project.path)
    clear(settle("suite", read, lambda: judges.suite(project.path, bench.runner, surroundings)))


def test_types(project: Project, settle: Settle, bench: Bench) -> None:
    read = judges.code(project.path)
    clear(settle("types", read, lambda: bench.type_checker.check(project.path)))


def test_dependencies(project: Project, settle: Settle, bench: Bench) -> None:
    read = judges.code(project.path)
    ask = judges.dependencies
    clear(settle("dependencies", read, lambda: ask(project.path, bench.python)))


def test_lint(project: Project) -> None:
    clear(judges.lint(project.path))


def test_format(project: Project) -> None:
    clear(judges.layout(project.path))


def test_compiles(project: Project) -> None:
    clear(judges.compiled(project.path))


def test_no_litter(project: Project) -> None:
    clear(judges.litter(project.path))


def test_git_takes_every_file(project: Project) -> None:
    clear(judges.ignored(project.path))


def test_speaks_of_no_absent_feature(project: Project) -> None:
    clear(judges.silence(project.path, project.case))
