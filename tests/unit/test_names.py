"""What a project may be called."""

import json

import pytest
import yaml

from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.names import LONGEST, BadNameError, check_name, objection, suggestion
from fastapi_forge.template.render import render


@pytest.mark.parametrize("name", ["myapi", "My-Api", "a", "a1_b-2", "x" * LONGEST, "match"])
def test_a_plain_name_is_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "empty"),
        ("x" * 65, "64 are allowed"),
        ("1api", "a letter first"),
        ("x y", "letters, digits"),
        ("my-", "no sign last"),
        ("../evil", "letters, digits"),
        ("é", "letters, digits"),
        ("json", "standard library"),
        ("JSON", "standard library"),
        ("imp", "standard library"),
        ("class", "keyword"),
        ("None", "keyword"),
        ("CON", "Windows"),
        ("lpt1", "Windows"),
        ("FastAPI", "depends on a distribution"),
        ("pydantic_settings", "depends on a distribution"),
    ],
)
def test_a_bad_name_is_refused_with_its_rule(name: str, rule: str) -> None:
    assert rule in objection(name, {"fastapi", "pydantic-settings"})


def test_the_error_quotes_the_name_and_suggests_one() -> None:
    with pytest.raises(BadNameError, match="`x y`") as caught:
        check_name("x y")
    assert "forge new x-y" in caught.value.hint


@pytest.mark.parametrize(
    "name", ["x y", "json", "", "9 lives", "é", "CON", "-" * 90, "a" * 90, "fastapi", "Fast_API"]
)
def test_what_is_suggested_is_allowed(name: str) -> None:
    taken = {"fastapi", "fast-api", "json-api", "fast-api-api"}
    assert not objection(suggestion(name, taken), taken)


def test_a_dependencys_name_is_refused_with_another_one() -> None:
    with pytest.raises(BadNameError) as caught:
        check_name("FastAPI", {"fastapi"})
    assert caught.value.hint.endswith("forge new fastapi-api")


def test_the_names_of_all_dependencies_are_taken_from_the_template() -> None:
    taken = load_catalog().dependencies()
    assert {"fastapi", "sqlalchemy", "pydantic-settings", "strawberry-graphql", "pytest"} <= taken
    assert not {"name", "version", "requires-python", "myapi"} & taken


def yaml_documents(name: str) -> str:
    """All that YAML reads in the fullest project of this name."""
    catalog = load_catalog()
    features = {feature.key: True for feature in catalog.features.values()}
    tree = render(catalog, {**features, "project_name": name}).tree
    documents = {
        path: list(yaml.safe_load_all(file.content))
        for path, file in sorted(tree.items())
        if path.endswith((".yaml", ".yml"))
    }
    return json.dumps(documents, default=str)


@pytest.mark.parametrize("name", ["null", "yes", "off", "true"])
def test_a_word_of_yaml_is_a_name_like_others(name: str) -> None:
    assert yaml_documents(name) == yaml_documents("demo").replace("demo", name)
