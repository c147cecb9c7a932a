"""What requires what: from what was said to a whole set of answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi_forge.template.catalog import Answer, Answers, Catalog, Feature
from fastapi_forge.template.wishes import ContradictionError


@dataclass(frozen=True, slots=True)
class Pulled:
    """An answer nobody gave: `what` came because `by` needs it."""

    what: str
    by: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}, because {self.by} needs it" + (
            f": {self.reason}" if self.reason else ""
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of answers without contradictions, and what was pulled in to make it so."""

    answers: Answers
    pulled: tuple[Pulled, ...] = ()


def defaults(catalog: Catalog) -> dict[str, Answer]:
    """Every feature's default; the other questions are left to the template."""
    return {feature.key: feature.default for feature in catalog.features.values()}


def resolve(catalog: Catalog, start: Answers, said: Answers) -> Choice:
    """Lay what was said over `start` and bring in what it requires.

    Raises ContradictionError where something said excludes what another choice needs.
    """
    answers = {**start, **said}
    for feature in catalog.features.values():
        if feature.kind_key in said and feature.key not in said and feature.kinds:
            answers[feature.key] = True
        if said.get(feature.key) is False and said.get(feature.kind_key):
            raise ContradictionError(
                f"`{feature.off_flag}` and `{feature.kind_flag}` exclude each other",
                "drop one of them",
            )
    pulled: list[Pulled] = []
    while addition := next(_missing(catalog, answers, said), None):
        key, value, why = addition
        answers[key] = value
        pulled.append(why)
    _check_conflicts(catalog, answers)
    return Choice(_pruned(catalog, answers), tuple(pulled))


def _missing(
    catalog: Catalog, answers: Answers, said: Answers
) -> Iterator[tuple[str, Answer, Pulled]]:
    for feature in catalog.on(answers):
        for name, reason in feature.requires.items():
            needed = catalog.features[name]
            if answers.get(needed.key) is True:
                continue
            if said.get(needed.key) is False:
                raise ContradictionError(
                    f"`{feature.name}` needs `{name}`: {reason}",
                    f"drop {needed.off_flag}, or leave {feature.name} out: {feature.off_flag}",
                )
            yield needed.key, True, Pulled(name, feature.name, reason)
        kind = catalog.kind_of(feature, answers)
        for demand in feature.requires_answers:
            if demand.kind not in (kind, "any") or answers.get(demand.question) == demand.value:
                continue
            question = catalog.question(demand.question)
            flag = question.flag if question else demand.question
            spelled = catalog.spelled(feature, answers)
            if demand.question in said:
                raise ContradictionError(
                    f"`{spelled}` needs `{flag} {demand.value}`: {demand.reason}",
                    f"say {flag} {demand.value}, or choose another kind of {feature.name}",
                )
            what = f"{demand.question}={demand.value}"
            yield demand.question, demand.value, Pulled(what, spelled, demand.reason)


def _check_conflicts(catalog: Catalog, answers: Answers) -> None:
    names = {feature.name for feature in catalog.on(answers)}
    for feature in catalog.on(answers):
        for other, reason in feature.conflicts.items():
            if other in names:
                raise ContradictionError(
                    f"`{feature.name}` and `{other}` exclude each other: {reason}",
                    f"choose one: leave {feature.name} or {other} out",
                )


def _pruned(catalog: Catalog, answers: Answers) -> dict[str, Answer]:
    """Without the answers to questions of features that are off."""
    dropped = set()
    for feature in catalog.features.values():
        if answers.get(feature.key) is not True:
            dropped |= {feature.kind_key, *(q.name for q in feature.questions)}
    kept = {key: value for key, value in answers.items() if key not in dropped}
    for feature in catalog.on(kept):
        if feature.kinds:
            kept.setdefault(feature.kind_key, feature.default_kind)
    return kept


def dependents(catalog: Catalog, answers: Answers, names: Iterable[str]) -> tuple[Feature, ...]:
    """The features that are on and need one of `names`, directly or not, in catalogue order."""
    gone = set(names)
    while more := {
        f.name for f in catalog.on(answers) if f.name not in gone and gone & set(f.requires)
    }:
        gone |= more
    return tuple(f for f in catalog.on(answers) if f.name in gone - set(names))
