"""A project of the first template whose six features start together, and what this one makes of it.

The archive holds that project's `forge.lock`, from which its files follow, and its revisions.
"""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from fastapi_forge.project.lock import loads
from tests.lifecycle.lived import (
    INVOICES,
    INVOICES_TEST,
    MARK,
    REVISION,
    all_of,
    append,
    own_dependencies,
    prepend,
    put,
    rename_module,
    replace,
    tree,
)
from tests.support.builders import write_tree
from tests.support.terminal import Forge

FIRST = Path(__file__).with_name("first_with_six_features.tar.gz")
FEATURES = ("tenancy", "auth", "versioning", "graphql", "ci", "nginx")
HISTORY = ("migrations/versions/",)


@pytest.fixture
def first(real: Forge) -> Path:
    project = real.fresh("first") / "myapi"
    project.mkdir()
    with tarfile.open(FIRST) as archive:
        archive.extractall(project, filter="data")
    write_tree(project, loads((project / "forge.lock").read_bytes()).tree)
    return project


def fresh(forge: Forge) -> Path:
    """What `new` makes of the same answers."""
    flags = [f"--with-{name}" for name in FEATURES]
    return forge.new("--author", "Somebody", *flags, where=forge.fresh("fresh"))


def edit(project: Path) -> None:
    route = "from app.invoices.router import router as invoices\n"
    all_of(
        put("app/invoices/__init__.py", ""),
        put("app/invoices/router.py", INVOICES),
        put("tests/invoices/test_invoices.py", INVOICES_TEST),
        replace(
            "app/api.py",
            "from fastapi import APIRouter\n",
            f"from fastapi import APIRouter\n\n{route}",
        ),
        append("app/api.py", f"router.include_router(invoices)  # {MARK}\n"),
        own_dependencies,
        append(".env.example", f"#MY_{MARK}=1\n"),
        append(".github/workflows/ci.yml", f"\n  {MARK.lower()}:\n    runs-on: ubuntu-24.04\n"),
        prepend("README.md", f"{MARK} at the head\n\n"),
        append("README.md", f"\n## {MARK} at the end\n"),
        put("migrations/versions/mine1.py", REVISION.format(parent="items", mark=MARK)),
    )(project)


@pytest.mark.parametrize(
    "command", [("-c", "import app.main"), ("-m", "alembic", "upgrade", "head")], ids=str
)
def test_it_starts(first: Path, command: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, *command], cwd=first, check=True)


def test_update_makes_of_it_what_new_makes(real: Forge, first: Path) -> None:
    history = {path: path.read_bytes() for path in (first / "migrations/versions").iterdir()}
    real("update", cwd=first)
    assert tree(first, HISTORY) == tree(fresh(real), HISTORY)
    assert {path: path.read_bytes() for path in history} == history
    assert "up to date" in real("update", cwd=first).out


def test_what_a_revision_would_lose_is_said(real: Forge, first: Path) -> None:
    result = real("update", cwd=first)
    assert "that revision drops users.roles with what is in it: have it copy first" in result.err
    assert result.steps[-1].endswith(
        "# then have it keep what is in users.roles, before you upgrade"
    )


PHONE = "    phone: Mapped[str | None] = mapped_column(String(40))\n"
MODELS = "app/users/models.py"


def test_an_edit_of_a_model_is_followed_to_its_new_place(real: Forge, first: Path) -> None:
    method = "\n    def greeting(self) -> str:\n        return self.email\n"
    append(MODELS, method)(first)
    real("update", cwd=first)
    assert not (first / MODELS).exists()
    wanted = (fresh(real) / "app/accounts/models.py").read_text()
    assert (first / "app/accounts/models.py").read_text() == wanted + method
    real("check", cwd=first)


def test_a_column_beside_one_that_goes_is_settled_at_the_new_place(
    real: Forge, first: Path
) -> None:
    replace(MODELS, "    disabled:", f"{PHONE}    disabled:")(first)
    (conflict,) = real("update", "--json", cwd=first, code=3).data["conflicts"]
    assert conflict["path"] == MODELS
    assert conflict["yours"].endswith(PHONE)
    assert "forge moves the file to `app/accounts/models.py`" in conflict["reason"]
    real("update", "--conflicts=inline", cwd=first, code=3)
    assert not (first / MODELS).exists()
    marked = (first / "app/accounts/models.py").read_text()
    assert f"{PHONE}||||||| base\n" in marked
    found = real("check", "--json", cwd=first, code=1).data["problems"]
    assert [line.rpartition(":")[0] for line in found] == [
        "conflict mark left in app/accounts/models.py"
    ]


def test_a_model_that_was_moved_and_edited_leaves_no_table_declared_twice_unsaid(
    real: Forge, first: Path
) -> None:
    rename_module("app/users/models.py", "app/people/models.py")(first)
    replace("app/people/models.py", "    disabled:", f"{PHONE}    disabled:")(first)
    result = real("update", "--conflicts=inline", cwd=first, code=3)
    lines = (first / "app/people/models.py").read_text().splitlines()
    place = f"app/people/models.py:{lines.index('class User(Base):') + 1}"
    said = f"`{place}` is left for you to mend: it declares the table `users`"
    assert f"{said}, which `app/accounts/models.py` of forge's declares; keep one" in result.err
    found = real("check", "--json", cwd=first, code=1).data["problems"]
    assert any(f"{place} declares the table users" in line for line in found)


def test_update_keeps_what_its_user_did_since(real: Forge, first: Path) -> None:
    edit(first)
    before = tree(first)
    real("update", cwd=first)
    wanted = fresh(real)
    edit(wanted)
    assert tree(first, HISTORY) == tree(wanted, HISTORY)
    real("undo", cwd=first)
    assert tree(first) == before
