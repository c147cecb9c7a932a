"""A user's own scope leaves the generated tests green; shipped roles that are wrong do not."""

import shutil
from pathlib import Path

import pytest

from tests.matrix.runner import PlainRunner
from tests.rooms.conftest import Render

ROLES = Path("app", "accounts", "roles.py")
OWN = {
    '    "users:read": "': '    "invoices:write": "Write invoices",\n    "users:read": "',
    '"editor": frozenset({': '"editor": frozenset({"invoices:read", "invoices:write", ',
    '"viewer": frozenset({': '"viewer": frozenset({"invoices:read", "reports:read", ',
    "SCOPES = {\n": """SCOPES = {
    "invoices:read": "Read invoices",
    "reports:read": "Read reports",
""",
}
WRONG = {
    "viewers write": ('"viewer": frozenset({', '"viewer": frozenset({"items:write", '),
    "viewers list users": ('"viewer": frozenset({', '"viewer": frozenset({"users:read", '),
    "viewers read nothing": ('frozenset({"items:read"})', "frozenset()"),
    "editors only read": ('{"items:read", "items:write"}', '{"items:read"}'),
    "editors administer": ('"editor": frozenset({', '"editor": frozenset({"users:admin", '),
    "admins lack a scope": ("frozenset(SCOPES)", 'frozenset(SCOPES) - {"users:admin"}'),
    "a role that is gone": ("role, frozenset()", "role, frozenset(SCOPES)"),
    "a scope that is none": ('"editor": frozenset({', '"editor": frozenset({"item:read", '),
}


def edited(project: Path, copy: Path, edits: dict[str, str]) -> Path:
    shutil.copytree(project, copy)
    text = (copy / ROLES).read_text()
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    (copy / ROLES).write_text(text)
    return copy


@pytest.mark.parametrize("more", [{}, {"tenancy": "row"}], ids=str)
def test_an_own_scope_leaves_the_suite_green(
    render: Render, tmp_path: Path, more: dict[str, str]
) -> None:
    project = edited(render(auth=True, **more), tmp_path / "demo", OWN)

    outcome = PlainRunner().run(project, ["tests/auth", "tests/users"])

    assert outcome.exit_code == 0, outcome.output


@pytest.mark.parametrize("edit", WRONG.values(), ids=WRONG)
def test_wrong_roles_are_found(render: Render, tmp_path: Path, edit: tuple[str, str]) -> None:
    project = edited(render(auth=True), tmp_path / "demo", dict([edit]))

    outcome = PlainRunner().run(project, ["tests/users/test_roles.py::test_shipped_scopes"])

    assert outcome.exit_code == 1, outcome.output
