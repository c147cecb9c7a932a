"""The catalogue and the oracle say the same, each on its own."""

from itertools import combinations, product

import pytest

from fastapi_forge.template.answers import defaults, resolve
from fastapi_forge.template.catalog import Catalog, load_catalog
from fastapi_forge.template.wishes import ContradictionError
from tests.matrix import oracle
from tests.matrix.cases import Case
from tests.matrix.template import TEMPLATES


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(TEMPLATES)


def test_features_and_kinds(catalog: Catalog) -> None:
    in_catalogue = {
        name: tuple(sorted(feature.values, key=lambda kind: kind != feature.default_kind))
        for name, feature in catalog.features.items()
    }
    assert list(in_catalogue.items()) == list(oracle.FEATURES.items())


def test_defaults(catalog: Catalog) -> None:
    on = {name for name, feature in catalog.features.items() if feature.default}
    assert on == oracle.ON_BY_DEFAULT


@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_questions(catalog: Catalog, name: str) -> None:
    question = catalog.question(name)
    assert question is not None
    assert question.default == oracle.default(name)
    assert set(question.values) == set(oracle.values(name))


def pairs() -> list[dict[str, str]]:
    """Every two values of two factors."""
    return [
        {one: a, other: b}
        for one, other in combinations(oracle.factors(), 2)
        for a, b in product(oracle.values(one), oracle.values(other))
    ]


def explicit(choice: oracle.Choice) -> dict[str, str | bool]:
    """Every factor answered, the defaults too."""
    answers: dict[str, str | bool] = {}
    for factor, value in choice.items():
        if factor in oracle.QUESTIONS:
            answers[factor] = value
        else:
            answers[f"with_{factor}"] = value != "off"
            if value not in ("off", "on"):
                answers[f"{factor}_kind"] = value
    return answers


def test_what_the_oracle_refuses_is_a_contradiction(catalog: Catalog) -> None:
    for pair in pairs():
        choice = Case.of(pair).full
        said = explicit(choice)
        if oracle.valid(choice):
            settled = resolve(catalog, defaults(catalog), said)
            assert not settled.pulled, pair
            assert said.items() <= settled.answers.items(), pair
        else:
            with pytest.raises(ContradictionError):
                resolve(catalog, defaults(catalog), said)


def test_what_a_choice_lacks_is_added(catalog: Catalog) -> None:
    for rule in oracle.RULES:
        said = explicit({rule.factor: rule.value})
        settled = resolve(catalog, defaults(catalog), said)
        completed = explicit({rule.factor: rule.value, rule.needed: rule.values[0]})
        assert completed.items() <= settled.answers.items(), rule
        assert [each for each in settled.pulled if each.reason], rule
