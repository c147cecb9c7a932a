"""A new room needs its folder, one line of `copier.yml` and the list that upkeep writes."""

import os
import shutil
from pathlib import Path

import copier
import plumbum
import pytest

from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.migrations import Addition, revision_of
from fastapi_forge.template.questionnaire import RenderError
from fastapi_forge.template.render import render
from fastapi_forge.template.source import BrokenTemplateError
from fastapi_forge.tree import Tree
from tests.matrix.rooms import rooms_file
from tests.matrix.template import TEMPLATES
from tests.support.builders import read_tree, text

NOTES = {
    "feature.yml": """\
_notes: {title: Notes}
with_notes: {type: bool, default: false}
notes: {type: str, when: false, default: "{{ '.' if with_notes else '' }}"}
""",
    "_parts/public": '"GET /notes",\n',
    "{{auth}}/_parts/public": '"GET /notes/mine",\n',
    "migrations/versions/notes.py.jinja": """\
{% from "migrations.jinja" import directions, head with context %}
{% set create %}
    op.create_table(
        "notes",
{% with feature = "notes", table = "notes" %}
{% include "columns.jinja" %}
{% endwith %}
    )
    op.create_table("note_tags")
{% endset %}
{{ head("notes", "Create the notes", "Drop the notes") }}

{{ directions("notes", create, '    op.drop_table("note_tags")') }}
""",
}
ANSWERS = {"project_name": "demo", "with_notes": True, "with_auth": True}


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The template with a room more, not listed yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "templates"
    shutil.copytree(TEMPLATES, root)
    for path, content in NOTES.items():
        place = root / "project/{{notes}}" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    config = root / "copier.yml"
    line = "!include project/{{tracing}}/feature.yml\n"
    config.write_text(
        config.read_text().replace(line, line + "---\n!include project/{{notes}}/feature.yml\n")
    )
    return root


def listed(templates: Path) -> Path:
    (templates / "rooms.jinja").write_text(rooms_file(templates))
    return templates


def put(revision: Path) -> None:
    revision.parent.mkdir(parents=True, exist_ok=True)
    revision.write_text('op.create_table("more")\n')


def adding_tenants(templates: Path) -> Tree:
    """A project whose database has the notes when the tenants come."""
    step = Addition("tenancy", "add", "add_tenancy", "notes", ("auth", "notes"))
    answers = {**ANSWERS, "with_tenancy": True}
    return render(load_catalog(templates), answers, {"migration": step.as_fact()}).tree


def test_its_parts_are_gathered_those_in_other_rooms_too(templates: Path) -> None:
    made = render(load_catalog(listed(templates)), ANSWERS).tree
    holding = [path for path, file in made.items() if b'"GET /notes",' in file.content]
    assert holding
    assert all('"GET /notes/mine",' in text(made, path) for path in holding)


def test_its_revision_follows_those_of_the_other_rooms(templates: Path) -> None:
    made = render(load_catalog(listed(templates)), ANSWERS).tree
    revision = text(made, "migrations/versions/notes.py")
    assert 'revision = "notes"\ndown_revision = "items"\n' in revision


def test_its_tables_are_owned_by_tenants_that_come_later(templates: Path) -> None:
    revision = text(adding_tenants(listed(templates)), "migrations/versions/tenancy.py")
    assert '    "user_roles",\n    "notes",\n    "note_tags",\n]' in revision


def test_a_room_whose_tables_are_not_listed_is_a_defect_that_names_it(templates: Path) -> None:
    with pytest.raises(RenderError, match="notes"):
        adding_tenants(templates)


def test_the_list_says_of_its_revision_what_forge_reads(templates: Path) -> None:
    catalog = load_catalog(listed(templates))
    revision = revision_of(catalog.features["notes"], catalog)
    assert revision is not None
    assert (revision.id, revision.tables) == ("notes", ("notes", "note_tags"))
    text = (templates / "rooms.jinja").read_text()
    assert '"notes": "notes",' in text
    assert '"notes": ["notes", "note_tags"],' in text


@pytest.mark.parametrize("room", ["{{notes}}/{{auth}}", "{{auth}}/{{notes}}", "{{sqlite}}"])
def test_a_revision_in_a_room_that_is_not_one_features_is_a_defect_that_names_it(
    templates: Path, room: str
) -> None:
    put(templates / "project" / room / "migrations/versions/note_owners.py.jinja")
    with pytest.raises(BrokenTemplateError, match=r"note_owners\.py\.jinja"):
        listed(templates)


@pytest.mark.parametrize("room", ["{{notes}}", "{{notes}}/{{notes_paper}}"])
def test_a_second_revision_of_a_feature_is_a_defect_that_names_it(
    templates: Path, room: str
) -> None:
    put(templates / "project" / room / "migrations/versions/pages.py.jinja")
    with pytest.raises(BrokenTemplateError, match=r"notes\.py\.jinja.*pages\.py\.jinja"):
        listed(templates)
    catalog = load_catalog(templates)
    with pytest.raises(BrokenTemplateError, match=r"notes\.py\.jinja.*pages\.py\.jinja"):
        revision_of(catalog.features["notes"], catalog)


def test_a_slot_that_no_room_fills_is_a_defect_that_names_it(templates: Path) -> None:
    routes = templates / "project/app/routes.py.jinja"
    routes.write_text(routes.read_text() + '{{ ordered("rotues") }}')
    with pytest.raises(RenderError, match=r"project/app/routes\.py\.jinja.*rotues"):
        render(load_catalog(listed(templates)), ANSWERS)


def test_copier_renders_the_room_as_forge_does(templates: Path, tmp_path: Path) -> None:
    listed(templates)
    with plumbum.local.env(PATH=os.devnull):
        copier.run_copy(
            str(templates),
            tmp_path / "out",
            data=ANSWERS,
            defaults=True,
            quiet=True,
            settings=copier.Settings(),
        )
    assert read_tree(tmp_path / "out") == render(load_catalog(templates), ANSWERS).tree
