"""From one template to the next: a toy of two versions, with what can change between them."""

import shutil
from pathlib import Path

import pytest

from fastapi_forge import __version__
from tests.support.terminal import Forge


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new))


@pytest.fixture
def newer(toy: Path, tmp_path: Path) -> Path:
    """The toy's next version.

    nginx is called proxy, the kind `header` of versioning and the feature ci are gone, there is a
    question about the region that has no default, and the README says so.
    """
    template = tmp_path / "newer"
    shutil.copytree(toy, template)
    rooms = template / "project"
    (rooms / "{{nginx}}").rename(rooms / "{{proxy}}")
    (rooms / "{{proxy}}" / "app" / "nginx").rename(rooms / "{{proxy}}" / "app" / "proxy")
    room = rooms / "{{proxy}}" / "feature.yml"
    room.write_text(
        room.read_text()
        .replace("nginx", "proxy")
        .replace("_proxy:", "_proxy:\n  aliases: [nginx]", 1)
    )
    change(template / "copier.yml", "project/{{nginx}}", "project/{{proxy}}")
    change(template / "copier.yml", "\n---\n!include project/{{ci}}/feature.yml\n", "")
    shutil.rmtree(rooms / "{{ci}}")
    change(
        template / "copier.yml",
        "migration:\n",
        "region:\n  type: str\n  help: Region\n  choices: [eu, us]\nmigration:\n",
    )
    versioning = rooms / "{{versioning}}" / "feature.yml"
    lines = versioning.read_text().splitlines(keepends=True)
    versioning.write_text("".join(line for line in lines if '": header' not in line))
    readme = rooms / "README.md.jinja"
    readme.write_text("Served from {{ region }}.\n\n" + readme.read_text())
    return template


def to(forge: Forge, template: Path) -> None:
    forge.templates = template


def test_a_question_without_a_default_is_refused_with_its_flag(
    forge: Forge, project: Path, newer: Path
) -> None:
    to(forge, newer)
    result = forge("update", cwd=project, code=2)
    assert "the template asks `Region`, and nothing answers it" in result.err
    assert "hint: forge update --region eu" in result.err
    forge("update", "--region", "us", cwd=project)
    assert (project / "README.md").read_text().startswith("Served from us.")
    assert "up to date" in forge("update", cwd=project).out
    result = forge("new", "other", "-y", "--no-git", code=2)
    assert "forge new other --region eu" in result.err


def test_a_question_without_a_default_is_asked_at_a_terminal(
    forge: Forge, project: Path, newer: Path
) -> None:
    to(forge, newer)
    terminal = forge.terminal("update", cwd=project)
    try:
        terminal.wait_for("Region")
        terminal.send("\r")
        terminal.wait_for("Updated myapi")
    finally:
        terminal.close()
    assert (project / "README.md").read_text().startswith("Served from eu.")


def test_a_feature_keeps_on_under_its_new_name(forge: Forge, newer: Path) -> None:
    project = forge.new("--with-nginx")
    (project / "README.md").write_text((project / "README.md").read_text() + "\nMine\n")
    to(forge, newer)
    forge("update", "--region", "eu", cwd=project)
    assert "proxy" in forge("status", "--json", cwd=project).data["features"]
    assert (project / "app" / "proxy" / "router.py").is_file()
    assert not (project / "app" / "nginx").exists()
    assert (project / "README.md").read_text().endswith("\nMine\n")
    assert "already on" in forge("add", "nginx", cwd=project).out


def test_a_feature_that_is_gone_goes_and_is_named(forge: Forge, newer: Path) -> None:
    project = forge.new("--with-ci")
    to(forge, newer)
    result = forge("update", "--region", "eu", cwd=project)
    assert "ci is no longer part of the template: it goes" in result.err
    assert not (project / "app" / "ci").exists()


def test_a_kind_that_is_gone_asks_for_another(forge: Forge, newer: Path) -> None:
    project = forge.new("--versioning", "header")
    to(forge, newer)
    for verb in (("update", "--region", "eu"), ("add", "graphql")):
        result = forge(*verb, cwd=project, code=2)
        assert "`header` is no longer a kind of versioning" in result.err
        assert "hint: forge add versioning=path" in result.err
    copy = forge.root / "copy"
    shutil.copytree(project, copy)
    change(newer / "copier.yml", "  choices: [eu, us]\n", "  choices: [eu, us]\n  default: eu\n")
    forge("add", "versioning=path", cwd=project)
    assert 'KIND = "path"' in (project / "app" / "versioning" / "router.py").read_text()
    forge("remove", "versioning", cwd=copy)
    assert not (copy / "app" / "versioning").exists()


TABLES = """from app.db import Base, shop


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)

    def price(self) -> int:
        return 1


class Till(Base):
    __tablename__ = "tills"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: Mapped[int]", "id: Mapped[str]", "the template changes items"),
        ("tills", "desks", "the template adds desks; the template no longer has tills"),
        ("shop", "store", ""),
        ("return 1", "return 2", ""),
        ('"items"\n', '"items"\n    # The goods.\n', ""),
    ],
)
def test_tables_that_an_update_declares_otherwise_are_named_with_the_revision_to_make(
    forge: Forge, newer: Path, old: str, new: str, said: str
) -> None:
    """Revisions that exist are never changed, so the tables may lack what the models have."""
    for template, text in ((forge.templates, TABLES), (newer, TABLES.replace(old, new))):
        (template / "project" / "{{example}}" / "app" / "example" / "models.py").write_text(text)
    project = forge.new()
    assert "alembic" not in forge("update", cwd=project).err
    to(forge, newer)
    result = forge("update", "--region", "eu", cwd=project)
    steps = [step.partition("alembic ")[2] for step in result.steps if "alembic" in step]
    making = 'revision --autogenerate -m "update"'
    if old == "tills":
        making += "  # then have it keep what is in tills, before you upgrade"
    assert steps == (["upgrade head", making] if said else [])
    assert (f"{said}: no revision of forge's brings that" in result.err) is bool(said)


LOST = "that revision drops {} with what is in it: have it copy first"
UNFILLED = "that revision adds {} as NOT NULL, without a value for rows that exist"
ID = "    id: Mapped[int] = mapped_column(primary_key=True)\n"


@pytest.mark.parametrize(
    ("new", "lost", "unfilled"),
    [
        ("", "items.id", ""),
        (ID.replace("id:", "key:"), "items.id", "items.key"),
        (ID + "    at: Mapped[int]\n", "", "items.at"),
        (ID + '    at: Mapped[int] = mapped_column("day")\n', "", "items.day"),
        (ID + "    at = mapped_column(Integer)\n", "", "items.at"),
        (ID + "    at: Mapped[int] = mapped_column(default=1)\n", "", "items.at"),
        (ID + "    at: Mapped[int | None]\n", "", ""),
        (ID + "    at: Mapped[Optional[int]]\n", "", ""),
        (ID + '    at: Mapped[int] = mapped_column(server_default="1")\n', "", ""),
        (ID + "    at = mapped_column(Integer, nullable=True)\n", "", ""),
        (ID + '    at: Mapped[list["Till"]] = relationship()\n', "", ""),
        (ID + '    AT = "at"\n', "", ""),
    ],
)
def test_what_becomes_of_rows_is_said_with_the_revision_to_make(
    forge: Forge, newer: Path, new: str, lost: str, unfilled: str
) -> None:
    for template, text in ((forge.templates, TABLES), (newer, TABLES.replace(ID, new))):
        (template / "project" / "{{example}}" / "app" / "example" / "models.py").write_text(text)
    project = forge.new()
    to(forge, newer)
    result = forge("update", "--region", "eu", cwd=project)
    assert ("that revision drops" in result.err) is bool(lost)
    assert ("that revision adds" in result.err) is bool(unfilled)
    assert LOST.format(lost) in result.err or not lost
    assert UNFILLED.format(unfilled) in result.err or not unfilled
    keep, fill = lost and f"keep what is in {lost}", unfilled and f"fill {unfilled}"
    remark = " and ".join(filter(None, (keep, fill)))
    command = 'revision --autogenerate -m "update"'
    whole = f"{command}  # then have it {remark}, before you upgrade" if remark else command
    assert [step.partition("alembic ")[2] for step in result.steps if "alembic" in step] == [
        "upgrade head",
        whole,
    ]


def test_status_says_what_an_update_would_bring(
    forge: Forge, project: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert forge("status", "--json", cwd=project).data["update"] == []
    to(forge, newer)
    change(newer / "copier.yml", "  choices: [eu, us]\n", "  choices: [eu, us]\n  default: eu\n")
    monkeypatch.setattr("fastapi_forge.verbs.inspection.__version__", "99.0")
    data = forge("status", "--json", cwd=project).data
    assert "README.md" in data["update"]
    assert (
        f"forge {__version__}; installed is 99.0: forge update ("
        in forge("status", cwd=project).out
    )


def test_both_releases_changes_are_said_before_a_deployment(forge: Forge, newer: Path) -> None:
    project = forge.new("--with-auth")
    to(forge, newer)
    (newer / "changes.yml").write_text(
        "- version: 99.0\n  changes:\n"
        "    - {feature: auth, notice: Tokens end sooner, restore: TTL=60, gained: [TTL]}\n"
        "    - {feature: graphql, notice: Not for this project}\n"
    )
    result = forge("update", "--region", "eu", cwd=project, env={"FORGE_TEST_SINCE": "1.0"})
    assert "Before you deploy" in result.err
    assert "auth: Tokens end sooner; as before with TTL=60; keys gained: TTL" in " ".join(
        result.err.split()
    )
    assert "Not for this project" not in result.err
