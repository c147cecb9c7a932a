"""The harness notices what it is there to notice."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.matrix import judges
from tests.matrix.cases import Case
from tests.matrix.runner import CAN_FORK, ForkRunner, PlainRunner, Runner
from tests.matrix.verdicts import Verdict, Verdicts

PYPROJECT = """\
[project]
name = "small"
version = "1"
requires-python = ">=3.11"
dependencies = []
[dependency-groups]
dev = ["pytest>=9"]
[tool.mypy]
strict = true
files = ["app", "tests"]
[tool.pytest.ini_options]
filterwarnings = ["error"]
"""


def write(project: Path, files: dict[str, str]) -> Path:
    for path, text in ({"pyproject.toml": PYPROJECT, "app/__init__.py": ""} | files).items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(text.encode())
    return project


RUNNERS = [
    PlainRunner,
    pytest.param(
        lambda timeout: ForkRunner(["pytest"], timeout=timeout),
        marks=pytest.mark.skipif(not CAN_FORK, reason="needs os.fork"),
    ),
]


@pytest.fixture(params=RUNNERS, ids=lambda maker: "plain" if maker is PlainRunner else "fork")
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    made: Runner = request.param(timeout=20)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assert 1 + 1 == 2", 0),
        ("assert False", 1),
        ("import warnings; warnings.warn('old', DeprecationWarning)", 1),
        ("import os; assert 'DATABASE_URL' not in os.environ", 0),
        ("import sys; assert 'tests.matrix' not in sys.modules", 0),
    ],
)
def test_suites_end_as_they_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: Runner, body: str, expected: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///developer.db")
    write(tmp_path, {"tests/test_it.py": f"def test_it():\n    {body}\n"})
    outcome = runner.run(tmp_path)
    assert outcome.exit_code == expected, outcome.output


def test_projects_do_not_see_each_other(tmp_path: Path, runner: Runner) -> None:
    for number in (1, 2):
        test = f"from app import value\n\ndef test_it():\n    assert value.VALUE == {number}\n"
        files = {
            "app/value.py": f"VALUE = {number}\n",
            "tests/__init__.py": "",
            "tests/test_it.py": test,
        }
        outcome = runner.run(write(tmp_path / f"project{number}", files))
        assert outcome.exit_code == 0, outcome.output


def test_hanging_suite_is_ended(tmp_path: Path, runner: Runner) -> None:
    runner.timeout = 2
    write(tmp_path, {"tests/test_it.py": "import time\n\ndef test_it():\n    time.sleep(60)\n"})
    outcome = runner.run(tmp_path)
    assert outcome.exit_code != 0
    assert outcome.seconds < 20


@pytest.mark.skipif(not CAN_FORK, reason="needs os.fork")
def test_what_a_suite_reads_is_part_of_its_verdict(tmp_path: Path) -> None:
    test = "from pathlib import Path\n\ndef test_it():\n    assert Path('deploy/x').read_text()\n"
    project = write(tmp_path, {"tests/test_it.py": test, "deploy/x": "y", "README.md": "z"})
    runner = ForkRunner(["pytest"])
    try:
        assert judges.suite(project, runner, {}).reads == ("deploy/x",)
    finally:
        runner.close()


def test_equal_projects_are_judged_once(tmp_path: Path) -> None:
    verdicts = Verdicts(tmp_path / "verdicts")
    asked: list[Path] = []

    def judge(project: Path, *, reads: tuple[str, ...] = ()) -> tuple[str, bool]:
        def ask() -> Verdict:
            asked.append(project)
            return Verdict(f"verdict {len(asked)}", reads)

        verdict, known = verdicts.settle("suite", project, ["app/a.py"], ask)
        return verdict.complaint, known

    first = write(tmp_path / "1", {"app/a.py": "a", "deploy/x": "x", "README.md": "one"})
    second = write(tmp_path / "2", {"app/a.py": "a", "deploy/x": "x", "README.md": "two"})
    third = write(tmp_path / "3", {"app/a.py": "a", "deploy/x": "changed"})
    fourth = write(tmp_path / "4", {"app/a.py": "b", "deploy/x": "x"})
    assert judge(first, reads=("deploy/x",)) == ("verdict 1", False)
    assert judge(second) == ("verdict 1", True)
    assert judge(third) == ("verdict 2", False)
    assert judge(fourth) == ("verdict 3", False)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("docs/empty.md", "", "empty"),
        ("app/blank.py", "\n", "empty"),
        ("a.md", "a\r\n", "carriage return"),
        ("a.md", "a", "no newline"),
        ("a.md", "a\n\n", "blank lines at the end"),
        ("a.md", "\na\n", "blank line at the start"),
        ("a.md", "a \n", "space at the end"),
        ("a.md", "a\n\n\nb\n", "two blank lines"),
        ("a.md", "{% if a %}\n", "Jinja mark"),
        ("a.md", "{{ name }}\n", "Jinja mark"),
        ("app/nul.py", "a = 1\n", "no name for Windows"),
        ("app/INIT.py", "a = 1\n", "the same name"),
    ],
)
def test_litter_is_seen(tmp_path: Path, path: str, text: str, said: str) -> None:
    project = write(tmp_path, {path: text, "app/init.py": "a = 1\n"})
    assert said in judges.litter(project)


def test_tidy_project_has_no_litter(tmp_path: Path) -> None:
    files = {"app/a.py": "a = 1\n\n\nb = 2\n", ".github/ci.yml": "a: ${{ b }}\n"}
    assert judges.litter(write(tmp_path, files)) == ""


def test_words_of_an_absent_feature_are_heard(tmp_path: Path) -> None:
    project = write(tmp_path, {"app/a.py": "# Behind nginx\n", ".copier-answers.yml": "nginx\n"})
    assert judges.silence(project, Case.of({})).startswith("app/a.py:1: speaks of nginx")
    assert judges.silence(project, Case.of({"nginx": "port"})) == ""


def test_tools_complain(tmp_path: Path) -> None:
    source = "import os\nimport yaml\nx : int = 'a'\n"
    project = write(tmp_path, {"app/a.py": source, "app/b.py": "def f(:\n", "tests/a.py": ""})
    assert "F401" in judges.lint(project)
    assert "app/a.py" in judges.layout(project)
    assert "app/b.py" in judges.compiled(project)
    assert "'yaml' imported" in judges.dependencies(project).complaint


def test_type_checker_judges_the_swapped_tree(tmp_path: Path) -> None:
    checker = judges.TypeChecker(tmp_path / "types")
    wrong = write(tmp_path / "1", {"app/a.py": "x: int = 'a'\n", "tests/a.py": ""})
    right = write(tmp_path / "2", {"app/a.py": "x: int = 1\n", "tests/a.py": ""})
    gone = write(tmp_path / "3", {"app/b.py": "from app.a import x\n", "tests/a.py": ""})
    assert "app/a.py:1" in checker.check(wrong).complaint
    assert checker.check(right).complaint == ""
    assert "app/b.py:1" in checker.check(gone).complaint
    assert "app/a.py:1" in checker.check(wrong).complaint


def test_runner_uses_this_environment() -> None:
    assert PlainRunner().python == sys.executable
