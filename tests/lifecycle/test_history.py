"""What the verbs append to the migrations, and what they leave to the user."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.lifecycle.lived import check_out_with_crlf, move, put
from tests.support.terminal import Forge, everything

MODELS = """from sqlalchemy.orm import Mapped, mapped_column

from app.db import base
from app.db.base import Base


class Dated(Base):
    __abstract__ = True


class Invoice(Dated):
    __tablename__ = "invoices"


class Payment(base.Base):
    __tablename__: str = "payments"


class Draft:
    __tablename__ = "drafts"
"""


def versions(project: Path) -> set[str]:
    return {path.stem for path in (project / "migrations" / "versions").glob("*.py")}


def own_models(project: Path, path: str = "app/billing/models.py") -> None:
    place = project / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(MODELS)


@pytest.mark.parametrize("path", ["app/billing/models.py", "svc/models/money.py"])
def test_tables_of_the_users_own_are_named_with_the_command_to_run(
    forge: Forge, project: Path, path: str
) -> None:
    own_models(project, path)
    result = forge("add", "tenancy", cwd=project)
    assert f"invoices (Invoice in {path}), payments (Payment in {path})" in result.err
    assert "drafts" not in result.err
    upgrade = next(i for i, s in enumerate(result.steps) if s.endswith("alembic upgrade head"))
    assert result.steps[upgrade + 1].endswith('alembic revision --autogenerate -m "add tenancy"')
    result = forge("remove", "tenancy", cwd=project)
    assert 'alembic revision --autogenerate -m "remove tenancy"' in result.err


def test_models_that_name_the_column_are_to_mend_before_the_upgrade(real: Forge) -> None:
    project = real.new("--with-tenancy")
    own_models(project)
    steps = real("remove", "tenancy", "--dry-run", cwd=project).steps
    assert not any("tenant_id" in step for step in steps)
    text = MODELS.replace(
        '"invoices"\n', '"invoices"\n    __table_args__ = (UniqueConstraint("tenant_id", "id"),)\n'
    )
    put("app/billing/models.py", text)(project)
    steps = list(real("remove", "tenancy", cwd=project).steps)
    line = text[: text.index("tenant_id")].count("\n") + 1
    mend = steps.index(f"take `tenant_id` out of app/billing/models.py:{line}")
    assert steps[mend + 1].endswith("alembic upgrade head")


def test_nothing_is_said_of_own_tables_where_none_is_altered(forge: Forge, project: Path) -> None:
    own_models(project)
    assert "autogenerate" not in forge("add", "auth", cwd=project).err
    bare = forge.new(where=forge.fresh("bare"))
    assert "autogenerate" not in forge("add", "tenancy", cwd=bare).err


def test_kept_tables_are_used_again_without_a_revision(forge: Forge, project: Path) -> None:
    before = everything(project)
    forge("remove", "example", "--keep-data", cwd=project)
    result = forge("add", "example", cwd=project)
    assert "tables that were kept are used again: items" in result.err
    assert {p: c for p, c in everything(project).items() if not p.startswith(".forge")} == {
        p: c for p, c in before.items() if not p.startswith(".forge")
    }


def test_several_features_share_one_list_of_kept_tables(forge: Forge) -> None:
    project = forge.new("--with-auth")
    forge("remove", "example", "--keep-data", cwd=project)
    forge("remove", "auth", "--keep-data", cwd=project)
    kept = project / "migrations" / "kept.txt"
    assert kept.read_text() == "items\nusers\n"
    forge("add", "auth", cwd=project)
    assert kept.read_text() == "items\n"
    forge("undo", cwd=project)
    assert kept.read_text() == "items\nusers\n"


def test_what_is_in_every_table_cannot_stay_behind(forge: Forge) -> None:
    project = forge.new("--with-tenancy")
    before = everything(project)
    result = forge("remove", "tenancy", "--keep-data", cwd=project, code=2)
    assert "`tenancy` can't leave its data behind: each row belongs to a tenant" in result.err
    assert everything(project) == before


def test_rows_are_not_moved_unless_there_are_none(forge: Forge, project: Path) -> None:
    before = everything(project)
    result = forge("add", "tenancy=schema", cwd=project, code=2)
    assert "rows would have to be moved" in result.err
    assert "--no-data" in result.err
    assert everything(project) == before
    forge("add", "tenancy=schema", "--no-data", cwd=project)


def test_a_change_of_kind_without_data_drops_and_makes_the_tables(forge: Forge) -> None:
    project = forge.new("--with-tenancy")
    assert "rows would have to be moved" in forge("add", "tenancy=schema", cwd=project, code=2).err
    forge("add", "tenancy=schema", "--no-data", cwd=project)
    names = {re.sub(r"_[0-9a-f]{6}$", "", name) for name in versions(project)}
    assert {"remove_tenancy", "add_tenancy"} <= names
    assert len(forge("status", "--json", cwd=project).data["migration_heads"]) == 1


def heads_after(forge: Forge, project: Path, steps: Iterable[tuple[str, str]]) -> list[str]:
    for verb, feature in steps:
        forge(verb, feature, cwd=project)
    heads: list[str] = forge("status", "--json", cwd=project).data["migration_heads"]
    return heads


def test_added_and_removed_again_leaves_one_line_of_revisions(forge: Forge, project: Path) -> None:
    steps = [("add", "auth"), ("remove", "auth"), ("add", "auth"), ("remove", "example")]
    assert len(heads_after(forge, project, steps)) == 1
    assert len(versions(project)) == 5


def test_a_feature_that_takes_the_place_of_tables_says_which_are_dropped(real: Forge) -> None:
    project = real.new("--with-auth")
    result = real("add", "redis", cwd=project)
    sessions = "login_failures, refresh_families, refresh_tokens"
    assert f"will drop what redis takes the place of, data included (tables: {sessions})" in (
        " ".join(result.err.split())
    )
    result = real("remove", "redis", "--keep-data", cwd=project)
    assert "will drop" not in result.err
    assert not (project / "migrations" / "kept.txt").exists()
    assert {re.sub(r"_[0-9a-f]{6}$", "", name) for name in versions(project)} == {
        "auth",
        "items",
        "add_redis",
        "remove_redis",
    }


def test_a_new_project_with_redis_never_has_the_tables_of_the_sessions(real: Forge) -> None:
    project = real.new("--with-redis")
    assert versions(project) == {"auth", "items"}
    assert "refresh_families" not in (project / "migrations" / "versions" / "auth.py").read_text()
    project = real.new("--without-auth", where=real.fresh("later"))
    assert "will drop" not in real("add", "redis", cwd=project).err


def test_what_is_appended_has_the_line_endings_of_the_checkout(forge: Forge, project: Path) -> None:
    check_out_with_crlf(project)
    forge("add", "auth", cwd=project)
    forge("remove", "auth", "--keep-data", cwd=project)
    (added,) = project.glob("migrations/versions/add_auth_*.py")
    for path in (added, project / "migrations" / "kept.txt"):
        text = path.read_bytes()
        assert text.count(b"\r\n") == text.count(b"\n") > 0
    forge("check", cwd=project)


INI = "[alembic]\nscript_location = %(here)s/{place}\n{more}"


def moved(project: Path, place: str, more: str = "") -> None:
    move("migrations", place)(project)
    put("alembic.ini", INI.format(place=place, more=more))(project)


def test_revisions_go_where_alembic_looks_for_them(forge: Forge, project: Path) -> None:
    moved(project, "db/history")
    result = forge("add", "auth", cwd=project)
    (added,) = project.glob("db/history/versions/add_auth_*.py")
    assert 'down_revision = "items"' in added.read_text()
    assert any(step.endswith("alembic upgrade head") for step in result.steps)
    assert forge("status", "--json", cwd=project).data["migration_heads"] == [added.stem]
    forge("remove", "example", "--keep-data", cwd=project)
    assert (project / "db" / "history" / "kept.txt").read_text() == "items\n"
    assert not (project / "migrations").exists()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("version_locations = %(here)s/revisions", "revisions"),
        ("version_locations = revisions:db/more\npath_separator = os\n", "revisions"),
        ("version_locations = revisions db/more\n", "revisions"),
        ("recursive_version_locations = true", "db/versions"),
    ],
)
def test_revisions_go_to_the_first_place_of_several(
    forge: Forge, project: Path, more: str, place: str
) -> None:
    moved(project, "db", more)
    below = f"{place}/2025" if "recursive" in more else place
    move("db/versions/items.py", f"{below}/items.py")(project)
    forge("add", "auth", cwd=project)
    (added,) = (project / place).glob("add_auth_*.py")
    assert 'down_revision = "items"' in added.read_text()


def test_without_a_folder_of_migrations_it_is_said_which_tables_are_left(
    forge: Forge, project: Path
) -> None:
    move("migrations", "elsewhere")(project)
    result = forge("add", "auth", cwd=project)
    assert "no revision was written" in result.err
    assert "the tables of auth are yours to migrate (users)" in result.err
    assert not any("alembic" in step for step in result.steps)
    assert "(items)" in forge("remove", "example", cwd=project).err
    assert not (project / "migrations").exists()


DROPPING = """import sqlalchemy as sa
from alembic import op

revision = "mine"
down_revision = "{parent}"


def upgrade() -> None:
    {operations}


def downgrade() -> None:
    op.create_table("items")
"""


def own_revision(project: Path, parent: str, *operations: str) -> None:
    text = DROPPING.format(parent=parent, operations="\n    ".join(operations))
    put("migrations/versions/mine.py", text)(project)


@pytest.mark.parametrize("operation", ["drop_table('items')", "rename_table('items', 'things')"])
def test_tables_that_the_user_dropped_are_not_dropped_again(
    forge: Forge, project: Path, operation: str
) -> None:
    own_revision(project, "items", f"op.{operation}")
    result = forge("remove", "example", cwd=project)
    assert versions(project) == {"items", "mine"}
    said = "no revision was written for example: one of yours drops its tables already (items)"
    assert said in result.err
    assert not any("alembic" in step for step in result.steps)
    forge("add", "example", cwd=project)
    assert len(versions(project)) == 3
    forge("remove", "example", cwd=project)
    assert len(versions(project)) == 4


def test_no_feature_alters_a_table_that_the_user_dropped(real: Forge) -> None:
    project = real.new("--with-auth")
    own_revision(project, "items", "op.drop_table('items')")
    real("add", "tenancy", cwd=project)
    (added,) = project.glob("migrations/versions/add_tenancy_*.py")
    assert '"users"' in added.read_text()
    assert '"items"' not in added.read_text()


def test_one_of_several_tables_that_the_user_dropped_is_named(real: Forge) -> None:
    project = real.new("--with-auth")
    own_revision(project, "items", "op.drop_table('user_roles')")
    result = real("remove", "auth", cwd=project)
    (added,) = project.glob("migrations/versions/remove_auth_*.py")
    said = "a revision of yours drops user_roles already: take that out of "
    assert f"{said}`migrations/versions/{added.name}`" in result.err


def test_what_forge_itself_dropped_and_makes_anew_is_not_called_the_users(real: Forge) -> None:
    project = real.new("--with-auth")
    real("add", "redis", cwd=project)
    assert "already" not in real("remove", "redis", "auth", cwd=project).err


@pytest.mark.parametrize(
    "operation",
    [
        "op.add_column('users', sa.Column('phone', sa.String()))",
        "op.create_index('ix_phone', 'users', ['phone'])",
        "op.batch_alter_table('users', schema=None)",
    ],
)
def test_own_revisions_of_a_table_that_goes_are_named(forge: Forge, operation: str) -> None:
    project = forge.new("--with-auth")
    own_revision(project, "items", operation, "op.create_table('invoices')")
    result = forge("remove", "auth", cwd=project)
    (added,) = project.glob("migrations/versions/remove_auth_*.py")
    assert (
        "`migrations/versions/mine.py` of yours changes users: have `downgrade` in "
        f"`migrations/versions/{added.name}` bring that back too, or `alembic downgrade` fails"
    ) in result.err
    assert "of yours changes" not in forge("remove", "example", cwd=project).err


def test_nothing_is_said_of_forges_own_revisions_of_a_table(real: Forge) -> None:
    project = real.new("--with-auth")
    real("add", "tenancy", cwd=project)
    real("add", "redis", cwd=project)
    assert "of yours" not in real("remove", "redis", "auth", cwd=project).err
