"""Edits of users on the real template: no conflict, nothing lost, and back again byte for byte."""

import ast
from pathlib import Path

import pytest

from fastapi_forge.template.catalog import load_catalog
from tests.lifecycle.lived import EDITS, MARK, Edit, tree
from tests.support.terminal import REPOSITORY, Forge

CATALOG = load_catalog(REPOSITORY / "templates")
HISTORY = ("migrations/versions/",)


def lived_in(forge: Forge, edit: Edit) -> Path:
    """A project of a default set of features, with the edit done to it."""
    flags = [f"--with-{name.replace('_', '-')}" for name in edit.with_features]
    project = forge.new(*flags)
    edit.do(project)
    return project


def missing(edit: Edit) -> list[str]:
    """All features that the project has not."""
    there = {"example", *edit.with_features}
    return [name for name in CATALOG.features if name not in there]


def marks(project: Path) -> dict[str, int]:
    """How often the user's mark stands in each file."""
    return {
        name: content.count(MARK.encode()) + content.lower().count(MARK.lower().encode())
        for name, (content, _) in tree(project).items()
        if MARK.lower().encode() in content.lower()
    }


def assert_in_order(project: Path) -> None:
    for path in project.rglob("*.py"):
        ast.parse(path.read_bytes(), str(path))
    for name, (content, _) in tree(project).items():
        assert b"<<<<<<< " not in content, name


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name.replace(" ", "-"))
def test_an_edit_survives_every_verb(real: Forge, edit: Edit) -> None:
    project = lived_in(real, edit)
    before, mine = tree(project, HISTORY), marks(project)
    names = missing(edit)
    real("add", *names, cwd=project)
    assert marks(project) == mine
    assert_in_order(project)
    for check in (("add", *names), ("update",)):
        changed = tree(project)
        assert "nothing to do" in real(*check, cwd=project).out
        assert tree(project) == changed
    real("remove", *reversed(names), cwd=project)
    assert tree(project, HISTORY) == before
    changed = tree(project)
    real("undo", cwd=project)
    assert tree(project) != changed
