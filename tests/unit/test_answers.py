"""What excludes what, and answers by the names that they had before."""

from dataclasses import replace
from pathlib import Path

import pytest

from fastapi_forge.template.answers import defaults, resolve
from fastapi_forge.template.catalog import Catalog, load_catalog
from fastapi_forge.template.older import carried_over, translated, vanished
from fastapi_forge.template.wishes import ContradictionError

TOY = Path(__file__).parents[1] / "support/toy"


@pytest.fixture
def catalog() -> Catalog:
    """The toy's, in which redis and nginx exclude each other, and `items` was example's name."""
    catalog = load_catalog(TOY)
    features = dict(catalog.features)
    features["redis"] = replace(features["redis"], conflicts={"nginx": "both cache"})
    features["example"] = replace(features["example"], aliases=("items",))
    return replace(catalog, features=features)


def test_features_that_exclude_each_other_are_refused(catalog: Catalog) -> None:
    both = {"with_redis": True, "with_nginx": True}
    with pytest.raises(ContradictionError, match=r"`redis` and `nginx`.*both cache") as caught:
        resolve(catalog, defaults(catalog), both)
    assert "redis or nginx" in caught.value.hint
    assert resolve(catalog, defaults(catalog), {**both, "with_nginx": False}).answers["with_redis"]


def test_what_a_feature_needs_cannot_be_left_out(catalog: Catalog) -> None:
    said = {"with_redis": True, "with_auth": False}
    with pytest.raises(ContradictionError, match=r"`redis` needs `auth`: ") as caught:
        resolve(catalog, defaults(catalog), said)
    assert "--without-auth" in caught.value.hint
    assert "--without-redis" in caught.value.hint


def test_answers_about_a_feature_go_with_it(catalog: Catalog) -> None:
    own = {"versioning_kind": "header", "sunset": "2030-01-01"}
    on = resolve(catalog, defaults(catalog), {"with_versioning": True, **own}).answers
    assert own.items() <= on.items()
    off = resolve(catalog, on, {"with_versioning": False}).answers
    assert not own.keys() & off.keys()
    assert resolve(catalog, off, {"with_versioning": True}).answers["versioning_kind"] == "path"


def test_an_older_name_stands_for_the_feature(catalog: Catalog) -> None:
    assert translated(catalog, {"with_items": True, "items_kind": "x"}) == {
        "with_example": True,
        "example_kind": "x",
    }


def test_the_name_of_now_goes_before_the_older_one(catalog: Catalog) -> None:
    assert translated(catalog, {"with_example": False, "with_items": True}) == {
        "with_example": False
    }


def test_a_feature_that_is_gone_is_named_and_dropped(catalog: Catalog) -> None:
    old = {"with_soap": True, "with_fax": False, "with_items": True}
    assert vanished(catalog, old) == ["soap"]
    kept = carried_over(catalog, old)
    assert kept["with_example"] is True
    assert not {"with_soap", "with_fax", "with_items"} & kept.keys()
