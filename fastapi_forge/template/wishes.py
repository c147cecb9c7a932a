"""What a user may say: the names and values that the catalogue knows."""

import re
from collections.abc import Iterable

from fastapi_forge.errors import UsageError
from fastapi_forge.template.catalog import Answer, Catalog, Feature, Question

_MARGIN = 0.1
"""How much less like the wrong name than the likeliest one another may be."""


class UnknownNameError(UsageError):
    """A feature, kind, preset or answer that the catalogue doesn't have."""

    code = "unknown-name"

    def __init__(self, what: str, name: str, known: Iterable[str], see: str = "") -> None:
        known = list(known)
        near = nearest(name, known)
        listed = f"known: {', '.join(known)}" if known else "none is known"
        hint = f"did you mean {' or '.join(near)}?" if near else see or listed
        super().__init__(f"`{name}` is no {what}", hint)


class BadAnswerError(UsageError):
    """An answer that its question doesn't take."""

    code = "bad-answer"


class ContradictionError(UsageError):
    """Two wishes that can't both be met."""

    code = "contradiction"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of the known names that `name` may have meant, the likeliest first.

    Where one is much likelier than the others, it alone.
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - for a wrong name alone

    wrong = name.lower()
    by_lower = {k.lower(): k for k in known}
    matches = get_close_matches(wrong, by_lower, 3, 0.6)
    likeness = [SequenceMatcher(None, match, wrong).ratio() for match in matches]
    near = zip(matches, likeness, strict=True)
    return [by_lower[match] for match, ratio in near if ratio >= likeness[0] - _MARGIN]


def wish(catalog: Catalog, text: str) -> tuple[Feature, str | None]:
    """Read `graphql` or `versioning=header`."""
    name, sign, kind = text.partition("=")
    if "," in name:
        apart = " ".join(part.strip() for part in text.split(","))
        raise UnknownNameError("feature", name, (), f"put spaces between them: {apart}")
    feature = catalog.feature_called(name)
    if feature is None:
        raise UnknownNameError("feature", name, catalog.features, "forge features")
    if not sign:
        return feature, None
    return feature, check_kind(feature, kind)


def spelled(catalog: Catalog, text: str) -> str:
    """A wish in the catalogue's own spelling."""
    feature, kind = wish(catalog, text)
    return f"{feature.name}={kind}" if kind else feature.name


def check_kind(feature: Feature, kind: str) -> str:
    """Return the kind, or raise UnknownNameError."""
    if not feature.kinds:
        raise UnknownNameError(f"kind of {feature.name}", kind, (), f"{feature.name} has one kind")
    if kind not in feature.values:
        raise UnknownNameError(f"kind of {feature.name}", kind, feature.values)
    return kind


def wishes(catalog: Catalog, texts: Iterable[str]) -> dict[str, Answer]:
    """The answers that a list such as `auth versioning=header` stands for."""
    said: dict[str, Answer] = {}
    for text in texts:
        feature, kind = wish(catalog, text)
        said[feature.key] = True
        if kind:
            if said.get(feature.kind_key, kind) != kind:
                first = f"{feature.name}={said[feature.kind_key]}"
                raise ContradictionError(
                    f"`{first}` and `{text}` exclude each other", "name one kind"
                )
            said[feature.kind_key] = kind
    return said


def check_value(question: Question, value: Answer) -> Answer:
    """Return the value in the question's type, or raise BadAnswerError."""
    if question.choices:
        text = str(value)
        if text not in question.values:
            near = nearest(text, question.values)
            known = f"did you mean {near[0]}?" if near else f"one of {', '.join(question.values)}"
            raise BadAnswerError(f"`{text}` is no answer to `{question.flag}`", known)
        return text
    if question.type == "bool":
        if not isinstance(value, bool):
            raise BadAnswerError(f"`{value}` is no answer to `{question.flag}`", "true or false")
        return value
    if question.type == "int" and not isinstance(value, int):
        raise BadAnswerError(f"`{value}` is no answer to `{question.flag}`", "a whole number")
    if question.type != "str":
        return value
    if _NOT_TEXT.search(str(value)):
        raise BadAnswerError(
            f"`{question.flag}` takes one line of text",
            "leave out line ends and control characters",
        )
    return str(value)


_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
