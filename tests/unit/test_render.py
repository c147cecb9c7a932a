"""Rendering: what Copier makes, in memory, and whose mistake it is when it fails."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copier
import pytest

from fastapi_forge import COPIER_VERSION
from fastapi_forge.cli.said import users_presets
from fastapi_forge.errors import ForgeError
from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.questionnaire import RefusedAnswerError, RenderError
from fastapi_forge.template.render import Rendered, render
from fastapi_forge.template.source import BrokenTemplateError, template_root
from tests.support.builders import read_tree, text

Template = Callable[..., Path]

HEAD = """\
_subdirectory: project
_exclude: ["*.tmp", "**/_parts"]
_envops: {trim_blocks: true, keep_trailing_newline: true}
project_name: {type: str}
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that no other run has filled."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """Makes a template of some questions and files."""

    def make(questions: str = "", **files: str) -> Path:
        root = tmp_path / "template"
        (root / "project").mkdir(parents=True)
        for path, content in {"copier.yml": HEAD + questions, **files}.items():
            place = root / (path if path.endswith(".yml") else f"project/{path}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        return root

    return make


def rendered(root: Path, **answers: Any) -> Rendered:
    return render(load_catalog(root), {"project_name": "demo", **answers})


QUESTIONS = """\
size: {type: int, default: "{{ 6 * 7 }}"}
ratio: {default: 0.5}
odd: {type: bool, default: "{{ size % 2 }}"}
tier:
  type: str
  default: gold
  choices: {"Gold: best": gold, "Lead: heavy": {value: lead}}
port: {type: str, default: 8080, choices: [8080, [named, 9090]]}
regions: {type: yaml, default: "[eu, {{ tier }}]"}
plain: some text
absent: {type: str, when: "{{ tier == 'lead' }}", default: "no {{ tier }}"}
room: {type: str, when: false, default: "{{ '.' if tier == 'gold' else '' }}"}
late: {type: str, default: "{{ plain | upper }}", validator: "{% if late == 'x' %}no x{% endif %}"}
other: {type: str, when: "no", default: "{{ '' if room else '.' }}"}
---
_exclude: [kept.tmp.bak, "!needed.tmp"]
plain: text that wins
later: {type: str, default: "{{ plain | upper }}"}
"""
FILES = {
    "plain.txt": "{{ not_rendered }}\n",
    "all.txt.jinja": "{{ size }} {{ ratio }} {{ odd }} {{ tier }} {{ port }} {{ regions }}\n"
    "{{ plain }} {{ absent }} {{ late }} {{ later }} {{ undefined_name }}\n"
    "{% for key, value in _copier_answers | dictsort if key[0] != '_' %}\n"
    "{{ {key: value} | to_nice_yaml }}\n{% endfor %}\n",
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers.tier | quote | to_json }}\n",
    "{{tier}}/in_{{size}}.py": "x = 1\n",
    "{{room}}/here.txt": "only gold\n",
    "{{room}}/_parts/note": "part\n",
    "{{other}}/there.txt": "not gold\n",
    "{{other}}/{{room}}/never.txt": "never\n",
    "{{ '' }}.txt": "a suffix alone is a name\n",
    "both.txt": "plain\n",
    "both.txt.jinja": "{% include 'project/{{room}}/_parts/note' %}\n",
    "left.tmp": "excluded\n",
    "needed.tmp": "included\n",
    "kept.tmp.bak": "excluded\n",
}


@pytest.mark.parametrize(
    "answers",
    [{}, {"tier": "lead", "size": 3}, {"odd": "yes", "port": "9090", "regions": ["a"]}],
    ids=["defaults", "lead", "given"],
)
def test_it_renders_what_copier_renders(
    template: Template, tmp_path: Path, answers: dict[str, Any]
) -> None:
    root = template(QUESTIONS, **FILES)
    (root / "project/plain.txt").chmod(0o755)
    data = {"project_name": "demo", **answers}
    copier.run_copy(
        str(root),
        tmp_path / "out",
        data=data,
        defaults=True,
        quiet=True,
        settings=copier.Settings(),
    )

    assert rendered(root, **answers).tree == read_tree(tmp_path / "out")


def test_it_renders_as_the_copier_that_the_tests_have() -> None:
    installed = copier.__version__.split(".")
    assert ".".join(installed[:2]) == COPIER_VERSION
    assert load_catalog(template_root()).source.settings["min_copier_version"] == COPIER_VERSION


def test_only_answers_to_questions_that_apply_are_recorded(template: Template) -> None:
    answers = rendered(template(QUESTIONS)).answers
    assert answers["tier"] == "gold"
    assert not {"absent", "room", "other"} & answers.keys()


@pytest.mark.parametrize(
    "code",
    [
        "{{ [].index(tier) }}",
        "{{ nothing.at.all }}",
        "{{ 1 / 0 }}",
        "{% if %}",
        "{{ tier | no_filter }}",
        "{% include 'nowhere' %}",
    ],
)
def test_a_mistake_in_a_template_file_is_a_defect_that_names_it(
    template: Template, code: str
) -> None:
    root = template(QUESTIONS, **{"bad.txt.jinja": code})
    with pytest.raises(RenderError, match=r"project/bad\.txt\.jinja") as caught:
        rendered(root)
    assert (caught.value.exit_code, caught.value.hint) == (1, "report this")


@pytest.mark.parametrize(
    "question",
    [
        "broken: {type: str, default: '{{ nothing.at.all }}'}",
        "broken: {type: int, default: '{{ project_name }}'}",
        "broken: {type: str, default: c, choices: [a, b]}",
        "broken: {type: str, default: a, validator: '{{ nothing.at.all }}'}",
        "broken: {type: str, default: a, when: '{{ nothing.at.all }}'}",
        "broken: {type: str, default: a, validator: 'never right'}",
    ],
)
def test_a_default_that_cannot_be_made_is_a_defect_that_names_it(
    template: Template, question: str
) -> None:
    with pytest.raises(RenderError, match="`broken`"):
        rendered(template(question))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"tier": "tin"}, "tier"),
        ({"size": "many"}, "many"),
        ({"late": "x"}, "no x"),
        ({"project_name": []}, "no text"),
    ],
)
def test_a_given_answer_that_will_not_do_is_the_users_mistake(
    template: Template, answers: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RefusedAnswerError, match=reason) as caught:
        rendered(template(QUESTIONS), **answers)
    assert caught.value.exit_code == 2


def test_a_question_without_default_must_be_answered(template: Template) -> None:
    root = template("needed: {type: str}\nnot_asked: {type: str, when: false}\n")
    with pytest.raises(RefusedAnswerError, match="needed"):
        rendered(root)
    assert rendered(root, needed="x").answers == {"project_name": "demo", "needed": "x"}


def test_two_files_for_one_path_are_a_defect(template: Template) -> None:
    files = {"a.txt": "1", "{{ '.' if size else '' }}/a.txt": "2"}
    with pytest.raises(RenderError, match=r"both make it"):
        rendered(template(QUESTIONS, **files))


@pytest.mark.parametrize("name", ["{{ '..' }}/x", "{{ '.git' }}/x", "{{ 'con:x' }}"])
def test_no_path_leaves_the_project(template: Template, name: str) -> None:
    with pytest.raises(RenderError, match="may not write"):
        rendered(template(**{name: "x"}))


@pytest.mark.parametrize(
    "more", ["_tasks: [ls]\n", "_jinja_extensions: [a.b]\n", "q: {secret: true, default: x}\n"]
)
def test_what_copier_would_do_otherwise_is_refused(template: Template, more: str) -> None:
    with pytest.raises(BrokenTemplateError, match="forge knows no"):
        load_catalog(template(more))


def test_compiled_templates_are_kept_and_renewed(template: Template, cache: Path) -> None:
    root = template(QUESTIONS, **{"a.txt.jinja": "{{ tier }}"})
    assert text(rendered(root).tree, "a.txt") == "gold"
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("*.cache")}
    assert kept

    assert text(rendered(root).tree, "a.txt") == "gold"
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.cache")} == kept

    (root / "project/a.txt.jinja").write_text("{{ tier }}!")
    assert text(rendered(root).tree, "a.txt") == "gold!"


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_what_others_may_have_compiled_is_not_run(
    template: Template, cache: Path, mode: int
) -> None:
    root = template(QUESTIONS, **{"a.txt.jinja": "{{ tier }}"})
    rendered(root)
    (folder,) = cache.joinpath("forge").glob("jinja-*")
    for path in folder.iterdir():
        path.unlink()
    folder.chmod(mode)

    assert text(rendered(root).tree, "a.txt") == "gold"
    assert not list(folder.iterdir())


def test_other_options_of_jinja_share_nothing(template: Template) -> None:
    root = template(QUESTIONS, **{"a.txt.jinja": "{% if 1 %}\nx\n{% endif %}\n"})
    assert text(rendered(root).tree, "a.txt") == "x\n"
    config = root / "copier.yml"
    config.write_text(config.read_text().replace("trim_blocks: true", "trim_blocks: false"))
    assert text(rendered(root).tree, "a.txt") == "\nx\n\n"


def test_it_renders_where_nothing_can_be_cached(
    template: Template, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = template(QUESTIONS, **FILES)
    wanted = rendered(root).tree
    cache.joinpath("forge").rename(cache / "away")
    cache.joinpath("forge").write_text("a file in the way")
    assert rendered(root).tree == wanted

    cache.joinpath("forge").unlink()
    rendered(root)

    def refuse(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    root.joinpath("project/new.txt.jinja").write_text("{{ tier }}")
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert text(rendered(root).tree, "new.txt") == "gold"


def test_it_renders_for_a_user_without_a_home(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    root = template(QUESTIONS, **{"a.txt.jinja": "{{ tier }}"})
    assert text(rendered(root).tree, "a.txt") == "gold"
    assert users_presets() == {}


def test_strict_templates_refuse_unknown_names(template: Template) -> None:
    root = template(QUESTIONS, **{"a.txt.jinja": "{{ misspelt }}"})
    assert text(rendered(root).tree, "a.txt") == ""
    config = root / "copier.yml"
    config.write_text(
        config.read_text().replace("_envops: {", "_envops: {undefined: jinja2.StrictUndefined, ")
    )
    with pytest.raises(ForgeError, match="misspelt"):
        rendered(root)


def test_nothing_is_written_but_the_cache(template: Template, tmp_path: Path) -> None:
    root = template(QUESTIONS, **FILES)
    before = {path for path in tmp_path.rglob("*") if "cache" not in path.parts}
    os.chdir(tmp_path)
    rendered(root)
    assert {path for path in tmp_path.rglob("*") if "cache" not in path.parts} == before
