"""Each question of the page has an answer in the code of the fullest project."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from tests.matrix.cases import NAMED, Case
from tests.matrix.template import PROJECT, decided_by, render, room, target

PAGE = ROOT / "docs" / "questions.md"
POINTER = re.compile(r"\[`([^`]+)` · `([^`]+)`\]\(([^)]+)\)")
FULLEST = Case.of(NAMED["everything"])


class Pointer(NamedTuple):
    """A place in a project (`path`, `name`), and the template's file that makes it."""

    path: str
    name: str
    link: str


POINTERS = [Pointer(*found) for found in POINTER.findall(PAGE.read_text("utf-8"))]


def defined(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    """Yield what a module defines: functions, classes, `Class.method`, assigned names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from defined(node, f"{prefix}{node.name}.")
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (prefix + ast.unparse(target) for target in targets)


def holds(path: Path, name: str) -> bool:
    """Whether a Python module defines the name, or another file says it."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return name in defined(ast.parse(text))
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def is_on(name: str) -> bool:
    """Whether a room is part of the fullest project."""
    decision = decided_by(name)
    return decision is not None and FULLEST.full[decision[0]] in decision[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with every feature in its default kind."""
    folder = tmp_path_factory.mktemp("fullest")
    render(FULLEST, folder)
    return folder


@pytest.mark.parametrize("pointer", POINTERS, ids=lambda one: f"{one.path}:{one.name}")
def test_pointer_leads_to_code(pointer: Pointer, project: Path) -> None:
    path, name, link = pointer
    assert (project / path).is_file(), f"{PAGE.name}: no {path} in the project with every feature"
    assert holds(project / path, name), f"{PAGE.name}: {path} has no {name} any more"
    place = (PAGE.parent / link).resolve()
    assert place.is_file(), f"{PAGE.name}: the template has no {link}"
    source = PurePosixPath(place.relative_to(PROJECT))
    assert target(source) == path, f"{PAGE.name}: {link} does not become {path}"
    away = [name for name in room(source) if not is_on(name)]
    assert away == [], f"{PAGE.name}: {link} is of another project"


def test_every_question_is_answered_in_code() -> None:
    _, *answers = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    without = [answer.splitlines()[0] for answer in answers if not POINTER.search(answer)]
    assert len(answers) > 20
    assert without == []


@pytest.mark.parametrize(
    "name", ["Class", "Class.method", "Class.field", "function", "NAME", "typed"]
)
def test_what_a_module_defines(name: str) -> None:
    module = (
        "NAME = 1\ntyped: int = 2\ndef function(): inner = 1\n"
        "class Class:\n    field: int\n    def method(self): ...\n"
    )
    assert name in defined(ast.parse(module))
    assert "inner" not in defined(ast.parse(module))
