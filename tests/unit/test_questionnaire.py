"""The template's questions: one reading of defaults and conditions, for prompts and renderer."""

from pathlib import Path
from typing import Any

import pytest

from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.command import equivalent
from fastapi_forge.template.questionnaire import Questionnaire, RenderError
from fastapi_forge.template.source import Source


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that no other run has filled."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def template(**questions: Any) -> Source:
    """A template of some questions, undefined names in them being mistakes."""
    strict = {"undefined": "jinja2.StrictUndefined"}
    return Source(Path("/nowhere"), ({"_envops": strict, "name": {"type": "str"}, **questions},))


def is_put(source: Source, question: str, /, **given: Any) -> bool:
    return Questionnaire.until(source, question, given).applies(question)


@pytest.mark.parametrize(
    ("word", "put"),
    [
        *((word, False) for word in ("off", "~", "n", "f", "0.0", "no", "null", "", " False ")),
        *((word, True) for word in ("on", "y", "1", "2.5", "yes", "whatever")),
    ],
)
def test_a_condition_means_to_prompts_what_it_means_to_the_renderer(word: str, put: bool) -> None:
    source = template(size={"default": 1, "when": "{{ '" + word + "' }}"})
    assert is_put(source, "size", name="demo") is put
    recorded = Questionnaire.filled_in(source, {"name": "demo"}).recorded
    assert ("size" in recorded) is put


def test_a_default_has_the_filters_of_the_template_and_earlier_answers() -> None:
    source = template(
        room={"type": "str", "when": False, "default": "{{ name | upper }}"},
        label={"type": "str", "default": "{{ room | to_json }}"},
    )
    assert Questionnaire.until(source, "label", {"name": "demo"}).default("label") == '"DEMO"'


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [("bool", "{{ name == 'demo' }}", True), ("int", "{{ 6 * 7 }}", 42), ("str", "{{ 1 }}", "1")],
)
def test_a_default_is_of_its_questions_type(kind: str, default: str, value: object) -> None:
    source = template(one={"type": kind, "default": default})
    made = Questionnaire.until(source, "one", {"name": "demo"}).default("one")
    assert (made, type(made)) == (value, type(value))


def test_what_stands_before_may_be_open_still() -> None:
    source = template(reason={"type": "str"}, size={"default": 1, "when": "{{ name == 'demo' }}"})
    assert is_put(source, "size", name="demo")
    with pytest.raises(RenderError, match=r"late.*reason"):
        is_put(template(reason={"type": "str"}, late={"when": "{{ reason }}"}), "late", name="x")


def test_what_is_as_the_default_is_left_out_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "copier.yml").write_text(
        "project_name: {type: str}\n"
        'loud: {type: bool, default: "{{ project_name == project_name | upper }}"}\n'
    )
    catalog = load_catalog(tmp_path)
    for name, loud, flag in (
        ("demo", False, ""),
        ("DEMO", True, ""),
        ("DEMO", False, " --no-loud"),
    ):
        command = equivalent(catalog, {"project_name": name, "loud": loud})
        assert command == f"forge new {name}{flag} -y"
