"""Answers that an older template recorded, in this one's names."""

from collections.abc import Iterable

from fastapi_forge.template.catalog import Answer, Answers, Catalog
from fastapi_forge.template.wishes import BadAnswerError


def translated(catalog: Catalog, old: Answers) -> dict[str, Answer]:
    """Answers of an older template by the names of this one; what it doesn't know stays."""
    found: dict[str, Answer] = {}
    for key, value in old.items():
        now = _name_now(catalog, key)
        if now == key or now not in old:
            found[now] = value
    return found


def _name_now(catalog: Catalog, key: str) -> str:
    """A feature's alias is the name it had before."""
    if key in catalog.keys:
        return key
    if key.startswith("with_") and (feature := catalog.feature_called(key.removeprefix("with_"))):
        return feature.key
    if key.endswith("_kind") and (feature := catalog.feature_called(key.removesuffix("_kind"))):
        return feature.kind_key
    return key


def vanished(catalog: Catalog, old: Answers) -> list[str]:
    """The features that an older template had on and this one has not."""
    on = (key for key, value in translated(catalog, old).items() if value is True)
    named = (key for key in on if key.startswith("with_") and key not in catalog.keys)
    return [key.removeprefix("with_") for key in named]


def carried_over(catalog: Catalog, old: Answers, replaced: Iterable[str] = ()) -> dict[str, Answer]:
    """Answers of an older template as answers to this one's questions, less those `replaced`.

    What is no longer asked is dropped; a choice that is gone is an error that names what gives
    another one.
    """
    replaced = set(replaced)
    kept: dict[str, Answer] = {
        key: value
        for key, value in translated(catalog, old).items()
        if key in catalog.keys and key not in replaced
    }
    for key, value in kept.items():
        question = catalog.question(key)
        if question and question.choices and str(value) not in question.values:
            raise BadAnswerError(
                f"`{value}` is no longer an answer to `{question.flag}`",
                f"forge update {question.flag} {question.values[0]}",
            )
    for feature in catalog.on(kept):
        kind = kept.get(feature.kind_key)
        if kind is not None and feature.kinds and kind not in feature.values:
            others = " or ".join(f"forge add {feature.name}={one}" for one in feature.values)
            raise BadAnswerError(f"`{kind}` is no longer a kind of {feature.name}", others)
    return defaults_off(catalog) | kept


def defaults_off(catalog: Catalog) -> dict[str, Answer]:
    """Every feature off: what an existing project has of features that it never heard of."""
    return {feature.key: False for feature in catalog.features.values()}
