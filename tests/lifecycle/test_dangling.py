"""Code of the user's that needs what goes, and code of forge's that needs what the user deleted."""

import re
from pathlib import Path

import pytest

from fastapi_forge.verbs import dangling
from tests.lifecycle.lived import append, delete, move, put, rename_module
from tests.support.terminal import Forge, assemble_toy, everything

BILLING = "app/billing/router.py"


@pytest.fixture
def project(forge: Forge) -> Path:
    """A project whose auth can go."""
    return forge.new("--with-auth")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("from app.auth.router import answer", "app.auth.router"),
        ("from app.auth import router", "app.auth.router"),
        ("from app.auth import (\n    router as auth,\n)", "app.auth.router"),
        ("import app.auth.router", "app.auth.router"),
        ("import app.auth as auth", "app.auth"),
        ("from app import auth", "app.auth"),
        ("from ..auth.router import answer", "app.auth.router"),
        ("from .. import auth", "app.auth"),
        ("def answer():\n    from app.auth.router import answer", "app.auth.router"),
        ("from app.routes import auth", "app.routes.auth"),
    ],
)
def test_own_code_that_imports_what_goes_is_a_conflict(
    forge: Forge, project: Path, line: str, named: str
) -> None:
    put(BILLING, f'"""Mine."""\n\n{line}\n')(project)
    before = everything(project)
    data = forge("remove", "auth", "--json", cwd=project, code=3).data
    assert everything(project) == before
    (conflict,) = data["conflicts"]
    at = 4 if line.startswith("def") else 3
    assert (conflict["path"], conflict["line"]) == (BILLING, at)
    assert conflict["reason"] == f"it imports `{named}`, which goes"
    assert conflict["yours"] == line.splitlines()[at - 3]
    assert {"path": BILLING, "action": "conflict"} in data["plan"]
    put(BILLING, '"""Mine."""\n')(project)
    forge("remove", "auth", cwd=project)


def test_inline_it_is_said_and_done(forge: Forge, project: Path) -> None:
    text = "import app.auth.router\nfrom app.auth.router import (\n    answer,\n    NAME,\n)\n"
    put(BILLING, text)(project)
    result = forge("remove", "auth", "--conflicts=inline", cwd=project, code=3)
    for line in (1, 2):
        said = f"`{BILLING}:{line}` is left for you to mend: it imports `app.auth.router`, which"
        assert f"{said} goes; take the import out" in result.err
        for look, key in (("check", "problems"), ("status", "to_mend")):
            found = forge(look, "--json", cwd=project, code=None).data[key]
            assert f"{BILLING}:{line} imports app.auth.router, which is not there" in found
    assert f"To mend         {BILLING}:1 imports" in forge("status", cwd=project).out
    assert f"error: 2 conflicts left for you to mend in `{BILLING}`\n" in result.err
    assert not (project / "app" / "auth").exists()
    assert (project / BILLING).read_text() == text


def test_a_generated_file_with_such_an_import_is_a_conflict_too(
    forge: Forge, project: Path
) -> None:
    append("app/main.py", "\nfrom app.auth.router import answer  # mine\n")(project)
    data = forge("remove", "auth", "--json", cwd=project, code=3).data
    (conflict,) = data["conflicts"]
    lines = (project / "app" / "main.py").read_text().splitlines()
    assert conflict["path"] == "app/main.py"
    assert lines[conflict["line"] - 1] == "from app.auth.router import answer  # mine"


def test_a_file_that_is_kept_as_your_own_is_named_with_what_it_lacks(
    forge: Forge, project: Path
) -> None:
    append("app/auth/router.py", "\nfrom app.example.router import answer  # mine\n")(project)
    gone = ("remove", "auth", "example")
    (conflict,) = forge(*gone, "--json", cwd=project, code=3).data["conflicts"]
    assert "drops this file" in conflict["reason"]
    result = forge(*gone, "--conflicts=inline", cwd=project, code=3)
    said = "`app/auth/router.py:9` is left for you to mend: it imports `app.example.router`, which"
    assert f"{said} goes" in result.err
    assert "`app/auth/router.py` is kept as yours: forge drops this file" in result.err
    assert (
        "error: 2 conflicts: 1 kept as yours in `app/auth/router.py`, "
        "1 left for you to mend in `app/auth/router.py`\n"
        "hint: mend what forge check names; or take it all back: forge undo\n"
    ) in result.err


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from app.auth.router import answer\nexcept ImportError:\n    answer = None\n",
        "from auth.router import answer\n",
        "from app.example.router import answer\n",
        "from app.routes import routes\n",
        '"""from app.auth.router import answer"""\n',
        "from app.auth.mine import MINE\n",
        "from .auth.router import answer\n",
        "this is auth of app, but no Python\n",
    ],
)
def test_other_imports_are_none_of_forges_business(forge: Forge, project: Path, text: str) -> None:
    put(BILLING, text)(project)
    put("app/auth/mine.py", "MINE = 1\n")(project)
    put("app/billing/auth/router.py", "def answer() -> str:\n    return ''\n")(project)
    put("worker/app/auth/router.py", "NAME = 1\n")(project)
    put("worker/main.py", "from app.auth.router import NAME\n")(project)
    forge("remove", "auth", cwd=project)


def test_own_files_are_read_only_where_modules_go(
    forge: Forge, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("the user's own files were read")

    monkeypatch.setattr(dangling, "sources", refuse)
    forge("add", "graphql", cwd=project)
    forge("add", "nginx", "ci", cwd=project)


def test_own_code_that_imports_what_goes_from_where_it_was_moved_is_a_conflict(
    forge: Forge, project: Path
) -> None:
    rename_module("app/auth/router.py", "app/people/router.py")(project)
    put(BILLING, "from app.people import router\nfrom app.people.router import answer\n")(project)
    data = forge("remove", "auth", "--json", cwd=project, code=3).data
    assert [(one["line"], one["reason"]) for one in data["conflicts"]] == [
        (line, "it imports `app.people.router`, which goes") for line in (1, 2)
    ]
    put(BILLING, "")(project)
    forge("remove", "auth", cwd=project)
    assert not (project / "app" / "people" / "router.py").exists()


@pytest.fixture
def asking_much(forge: Forge, tmp_path: Path) -> Path:
    """A project with moved modules, and a feature that imports them in a way that stays."""
    forge.templates = assemble_toy(tmp_path / "asking")
    (package,) = forge.templates.glob("project/{{auth}}/app/auth/__init__.py")
    package.write_text("")
    project = forge.new("--with-auth")
    (router,) = forge.templates.glob("project/{{graphql}}/**/router.py.jinja")
    text = router.read_text()
    router.write_text(f"from app import auth\nfrom app.auth import NAMES, router\n{text}")
    move("app/auth", "app/people")(project)
    api = project / "app" / "routes.py"
    api.write_text(api.read_text().replace("app.auth", "app.people"))
    return project


def test_what_imports_a_moved_module_otherwise_is_told_where_it_is(
    forge: Forge, asking_much: Path
) -> None:
    before = everything(asking_much)
    data = forge("add", "graphql", "--json", cwd=asking_much, code=3).data
    assert everything(asking_much) == before
    places = {"app.auth": "app/people/", "app.auth.router": "app/people/router.py"}
    assert [one["reason"] for one in data["conflicts"]] == [
        f"it imports `{name}`, which you moved to `{place}`" for name, place in places.items()
    ]
    for conflict in data["conflicts"]:
        assert conflict["path"] == "app/graphql/router.py"
        assert conflict["advice"] == (
            "move it back; or run again with --conflicts=inline, and import it from there"
        )


def test_inline_what_imports_a_moved_module_otherwise_is_written_and_named(
    forge: Forge, asking_much: Path
) -> None:
    result = forge("add", "graphql", "--conflicts=inline", cwd=asking_much, code=3)
    said = "`app/graphql/router.py` is left for you to mend: it imports `app.auth.router`, which"
    assert f"{said} you moved to `app/people/router.py`; import it from there" in result.err
    assert (asking_much / "app" / "graphql" / "router.py").exists()


@pytest.fixture
def without_items(real: Forge) -> Path:
    """A project whose user deleted the example by hand."""
    project = real.new()
    for folder in ("app/items", "tests/items"):
        delete(folder)(project)
    api = project / "app" / "api.py"
    kept = [line for line in api.read_text().splitlines(True) if "items" not in line]
    api.write_text("".join(kept))
    return project


def test_what_forge_adds_to_a_deleted_example_is_a_conflict(
    real: Forge, without_items: Path
) -> None:
    before = everything(without_items)
    data = real("add", "versioning", "--json", cwd=without_items, code=3).data
    assert everything(without_items) == before
    found = {conflict["path"]: conflict for conflict in data["conflicts"]}
    assert set(found) == {
        "app/v1/items/router.py",
        "app/v1/items/schemas.py",
        "tests/v1/test_items.py",
    }
    schemas = found["app/v1/items/schemas.py"]
    assert schemas["reason"] == "it imports `app.items.schemas`, which you deleted"
    assert "`forge remove example`" in schemas["advice"]
    assert "`forge restore app/items/schemas.py`" in schemas["advice"]
    assert "`forge restore app/items`" in found["app/v1/items/router.py"]["advice"]
    real("remove", "example", cwd=without_items)
    real("add", "versioning", cwd=without_items)
    assert not (without_items / "app" / "v1" / "items").exists()


def test_the_advice_for_a_deleted_folder_names_its_feature(
    real: Forge, without_items: Path
) -> None:
    result = real("add", "graphql", "--json", cwd=without_items, code=3)
    found = {conflict["path"]: conflict for conflict in result.data["conflicts"]}
    assert "which you deleted" in found["app/graphql/items/types.py"]["reason"]
    assert "whose files you deleted" in found["tests/items/test_graphql.py"]["reason"]
    for conflict in found.values():
        assert "`forge remove example`" in conflict["advice"]
    shown = real("add", "graphql", cwd=without_items, code=3).out
    assert "`forge restore app/items`" in shown


def test_inline_what_lacks_a_deleted_module_is_written_and_named(
    real: Forge, without_items: Path
) -> None:
    result = real("add", "versioning", "--conflicts=inline", cwd=without_items, code=3)
    said = "`app/v1/items/schemas.py` is left for you to mend: it imports `app.items.schemas`"
    assert f"{said}, which you deleted" in result.err
    assert (without_items / "app" / "v1" / "items" / "schemas.py").exists()


EXPORTING = "app/items/exporting.py"


@pytest.fixture
def export_moved(real: Forge) -> Path:
    """A project whose user moved a function of the example to a module of their own."""
    project = real.new()
    service = project / "app" / "items" / "service.py"
    head, mark, rest = service.read_text().partition("async def export(")
    body, _, tail = rest.partition("\n\n\n")
    service.write_text(head + tail)
    put(EXPORTING, f'"""Mine."""\n\n\n{mark}{body.rstrip()}\n')(project)
    for path in ("app/items/router.py", "tests/items/test_export_connections.py"):
        text = (project / path).read_text()
        text = text.replace(
            "import ItemService, export", "import ItemService, ItemService as export"
        )
        text = text.replace("app.items.service import export", "app.items.exporting import export")
        (project / path).write_text(text)
    return project


def test_a_name_that_was_moved_is_a_conflict_of_what_forge_adds(
    real: Forge, export_moved: Path
) -> None:
    before = everything(export_moved)
    data = real("add", "versioning", "--json", cwd=export_moved, code=3).data
    assert everything(export_moved) == before
    (conflict,) = data["conflicts"]
    assert conflict["path"] == "app/v1/items/router.py"
    assert "it imports `export` from `app.items.service` (line " in conflict["reason"]
    assert conflict["reason"].endswith("), which has it no more")
    assert "import it from `app.items.exporting`" in conflict["advice"]


def test_inline_what_lacks_a_name_is_written_and_its_line_named(
    real: Forge, export_moved: Path
) -> None:
    result = real("add", "versioning", "--conflicts=inline", cwd=export_moved, code=3)
    lines = (export_moved / "app/v1/items/router.py").read_text().splitlines()
    (line,) = [n for n, text in enumerate(lines, 1) if text.startswith("from app.items.service")]
    assert (
        f"(line {line}), which has it no more; import it from `app.items.exporting`" in result.err
    )


def test_classes_renamed_are_a_conflict_of_what_forge_adds(real: Forge) -> None:
    project = real.new()
    for folder in ("app", "tests"):
        for path in (project / folder).rglob("*.py"):
            text = path.read_text()
            path.write_text(re.sub(r"\bItem(Service)?\b", r"Product\1", text))
    conflicts = real("add", "graphql", "--json", cwd=project, code=3).data["conflicts"]
    reasons = " ".join(one["reason"] for one in conflicts)
    assert "`ItemService` from `app.items.service`" in reasons
    assert "`Item` from `app.items.models`" in reasons


def test_check_names_imports_of_what_is_not_there(forge: Forge, project: Path) -> None:
    put(
        BILLING,
        "from app.auth.router import NAME, answer\n"
        "from app.gone import A, B\n"
        "from app.auth import router, other\n"
        "import app.auth.none\n"
        "from .models import Invoice\n"
        "from ..auth.router import nothing\n"
        "import sqlalchemy, tests.test_app\n"
        "try:\n    import app.fast\nexcept ImportError:\n    pass\n",
    )(project)
    put("scripts/fill.py", "from app.auth.router import answer\nimport app.fill\n")(project)
    put("worker/app/fill.py", "")(project)
    put("worker/main.py", "import app.fill\nfrom app.fill import fill\n")(project)
    found = forge("check", "--json", cwd=project, code=1).data["problems"]
    assert found == [
        f"{BILLING}:2 imports app.gone, which is not there",
        f"{BILLING}:3 imports app.auth.other, which is not there",
        f"{BILLING}:4 imports app.auth.none, which is not there",
        f"{BILLING}:5 imports app.billing.models, which is not there",
        f"{BILLING}:6 imports app.auth.router.nothing, which is not there",
        "scripts/fill.py:2 imports app.fill, which is not there",
    ]
    (project / BILLING).unlink()
    (project / "scripts" / "fill.py").unlink()
    forge("check", cwd=project)


def test_check_finds_what_a_deleted_module_leaves_behind(real: Forge) -> None:
    project = real.new("--with-auth", "--with-graphql", "--with-tenancy", "--with-versioning")
    real("check", cwd=project)
    delete("app/kit/pagination.py")(project)
    found = real("check", "--json", cwd=project, code=1).data["problems"]
    assert found
    assert all(line.endswith("app.kit.pagination, which is not there") for line in found)


INVOICES = '''"""Mine."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), doc="users.id")
    parent_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
'''


def test_own_tables_with_a_key_to_a_table_that_goes_are_a_conflict(real: Forge) -> None:
    project = real.new("--with-auth")
    models = "app/billing/models.py"
    put(models, INVOICES)(project)
    put(
        "migrations/versions/mine.py",
        "import sqlalchemy as sa\n\nrevision = 'mine'\ndown_revision = 'items'\n\n\n"
        "def upgrade() -> None:\n    sa.ForeignKey('users.id')\n",
    )(project)
    items = (project / "app" / "items" / "models.py").read_text()
    append("app/items/models.py", '    x: object = mapped_column(ForeignKey("users.id"))\n')(
        project
    )
    before = everything(project)
    for more in ((), ("--keep-data",)):
        data = real("remove", "auth", "--json", *more, cwd=project, code=3).data
        assert everything(project) == before
        places = [(conflict["path"], conflict["line"]) for conflict in data["conflicts"]]
        assert places == [(models, 13), (models, 20), ("app/items/models.py", 31)]
        for conflict in data["conflicts"]:
            assert conflict["reason"] == "it has a foreign key to `users`, a table that goes"
            assert "in a revision before the one that drops the table" in conflict["advice"]
    data = real("remove", "auth", "--conflicts=inline", "--json", cwd=project, code=3).data
    assert [conflict["left"] for conflict in data["conflicts"]] == ["mend"] * 3
    found = real("check", "--json", cwd=project, code=1).data["problems"]
    assert f"{models}:13 has a foreign key to users, a table that no model declares" in found
    real("undo", cwd=project)
    text = INVOICES.replace('ForeignKey("users.id"), ', "").replace('["users.id"]', '["items.id"]')
    put(models, text)(project)
    put("app/items/models.py", items)(project)
    real("remove", "auth", cwd=project)


def test_check_names_tables_that_two_models_declare(real: Forge) -> None:
    project = real.new("--with-tenancy")
    models = "app/stock/models.py"
    base = "from app.db.base import Base\n"
    item = 'class Item(Base):\n    __tablename__ = "items"\n'
    put(models, f"{base}\n\n{item}")(project)
    lines = (project / "app/items/models.py").read_text().splitlines()
    first = f"app/items/models.py:{lines.index('class Item(Base):') + 1}"
    named = f"{models}:4 declares the table items, which {first} declares already"
    assert named in real("check", "--json", cwd=project, code=1).data["problems"]
    assert named in real("status", "--json", cwd=project).data["to_mend"]
    for text in (
        f"{base}\n\n{item}    __table_args__ = {{'schema': 'stock'}}\n",
        f"{base}\n\n{item}    __table_args__ = ({{'extend_existing': True}},)\n",
        f"from stock import Store\n\n\n{item}".replace("Base", "Store"),
        f"{base}\n\n{item}".replace('"items"', '"stock"'),
    ):
        put(models, text)(project)
        put("stock/models.py", f"{base}\n\n{item}")(project)
        real("check", cwd=project)


def test_a_model_of_a_table_that_forge_brings_is_a_conflict(real: Forge) -> None:
    project = real.new()
    models = "app/people/models.py"
    own = 'from app.db.base import Base\n\n\nclass Person(Base):\n    __tablename__ = "users"\n'
    put(models, own)(project)
    (conflict,) = real("add", "auth", "--json", cwd=project, code=3).data["conflicts"]
    assert (conflict["path"], conflict["line"]) == (models, 4)
    brought = "`app/accounts/models.py` of forge's declares"
    assert conflict["reason"] == f"it declares the table `users`, which {brought}"
    result = real("add", "auth", "--conflicts=inline", cwd=project, code=3)
    assert f"`{models}:4` is left for you to mend: it declares the table `users`" in result.err
    lines = (project / "app/accounts/models.py").read_text().splitlines()
    first = f"app/accounts/models.py:{lines.index('class User(Base):') + 1}"
    assert real("check", "--json", cwd=project, code=1).data["problems"] == [
        f"{models}:4 declares the table users, which {first} declares already"
    ]
    put(models, own.replace('"users"', '"people"'))(project)
    real("check", cwd=project)
