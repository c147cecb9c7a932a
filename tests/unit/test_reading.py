"""What stands in a project where a file should be neither ends forge nor holds it up."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fastapi_forge.cli.steps import is_restyled
from fastapi_forge.merging.layout import same_code
from fastapi_forge.project.candidates import walk
from fastapi_forge.project.imported import Import, Modules, imports_in, names_of
from fastapi_forge.project.reading import LARGEST, content_of
from fastapi_forge.project.revisions import Migrations, read_revision
from fastapi_forge.template.render import Rendered
from fastapi_forge.tree import File, Tree

Placed = Callable[[str], Path]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def vast(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**40)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.fixture(params=[pipe, device, vast, folder])
def placed(tmp_path: Path, request: pytest.FixtureRequest) -> Placed:
    """Puts what is no file to be read at a path of a project."""

    def place(path: str) -> Path:
        whole = tmp_path / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        request.param(whole)
        return whole

    return place


def test_what_is_no_file_has_no_content(placed: Placed) -> None:
    assert content_of(placed("here")) is None


def test_a_file_has_content_by_way_of_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"a\r\n" * 100_000)
    (tmp_path / "link").symlink_to("real")
    assert content_of(tmp_path / "link") == b"a\r\n" * 100_000
    assert content_of(str(tmp_path / "none")) is None


def test_a_file_is_read_up_to_the_largest(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * LARGEST)
    assert len(content_of(tmp_path / "file") or b"") == LARGEST
    (tmp_path / "file").write_bytes(b"x" * (LARGEST + 1))
    assert content_of(tmp_path / "file") is None


def test_revisions_beside_it_are_read(placed: Placed) -> None:
    versions = placed("migrations/versions/zz.py").parent
    (versions / "one.py").write_text("revision = 'one'\ndown_revision = None\n")
    assert [one.id for one in Migrations.of(versions.parents[1]).revisions] == ["one"]


def test_without_settings_of_alembic_migrations_are_at_the_usual_place(placed: Placed) -> None:
    root = placed("alembic.ini").parent
    (root / "migrations" / "versions").mkdir(parents=True)
    assert Migrations.of(root).versions == "migrations/versions"


def test_it_ignores_nothing(placed: Placed) -> None:
    root = placed(".gitignore").parent
    (root / "app").mkdir()
    (root / "app" / "own.py").touch()
    assert "app/own.py" in [path for path, _ in walk(root)]


def test_a_module_that_is_none_has_any_name(placed: Placed) -> None:
    root = placed("app/own.py").parents[1]
    assert Modules(root).lack(Import(1, "app.own", "thing"), "app/main.py") == ""


def test_rules_that_can_not_be_read_are_no_others(placed: Placed) -> None:
    root = placed("pyproject.toml").parent
    rendered = Rendered(Tree({"pyproject.toml": File(b"")}), {})
    assert not is_restyled(root, rendered)


@pytest.mark.parametrize("pyproject", ["tool = 1", f"x = {'[' * 20_000}", "\0"])
def test_rules_of_another_kind_are_no_others(tmp_path: Path, pyproject: str) -> None:
    (tmp_path / "pyproject.toml").write_text(pyproject)
    assert not is_restyled(tmp_path, Rendered(Tree({"pyproject.toml": File(b"")}), {}))


def test_a_pattern_of_many_stars_ignores_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(f"{'*a' * 24}b/\n*i*n*/\n")
    for folder in ("a" * 250, "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.py").touch()
    assert [path for path, _ in walk(tmp_path) if path.endswith(".py")] == [f"{'a' * 250}/own.py"]


def test_python_that_is_nested_too_deeply_says_nothing() -> None:
    source = b"X = " + b"-" * 20_000 + b"1\nimport os\n"
    assert imports_in("app/own.py", source) == ()
    assert read_revision(source) is None
    assert names_of(source) == frozenset()
    assert not same_code(source, source)
