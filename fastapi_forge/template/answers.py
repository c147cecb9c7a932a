"""From what was said to a whole set of answers: files, presets, what requires what."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from fastapi_forge.errors import UsageError
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Answers, Catalog, Feature, Question


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


class AnswersFileError(UsageError):
    """The file named by `--answers` (or a preset of the user's) can't be used."""

    code = "answers-file"


class ContradictionError(UsageError):
    """Two wishes that can't both be met."""

    code = "contradiction"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of the known names that `name` may have meant, the likeliest first."""
    by_lower = {k.lower(): k for k in known}
    return [by_lower[match] for match in get_close_matches(name.lower(), by_lower, 3, 0.6)]


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


def wish(catalog: Catalog, text: str) -> tuple[Feature, str | None]:
    """Read `graphql` or `versioning=header`."""
    name, sign, kind = text.partition("=")
    feature = catalog.feature_called(name)
    if feature is None:
        raise UnknownNameError("feature", name, catalog.features, "forge features")
    if not sign:
        return feature, None
    return feature, check_kind(feature, kind)


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


def read_answers(catalog: Catalog, source: Path, text: str) -> dict[str, Answer]:
    """The answers in a YAML, TOML or JSON text; `source` gives the format and the words of errors.

    Features are said as `name: true` or `name: kind`, the project's name as `name`.
    """
    try:
        content = _parse(source, text)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        reason = " ".join(str(error).split())
        raise AnswersFileError(
            f"`{source}` can't be parsed: {reason}", "check its syntax"
        ) from error
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise AnswersFileError(f"`{source}` holds no mapping", "write one `name: value` a line")
    return dict(_said(catalog, content))


def _parse(source: Path, text: str) -> object:
    match source.suffix:
        case ".json":
            return json.loads(text)
        case ".toml":
            return tomllib.loads(text)
        case _:
            import yaml  # noqa: PLC0415

            try:
                return yaml.load(text, yaml.CSafeLoader)
            except yaml.YAMLError as error:
                raise ValueError(error) from error


def _said(catalog: Catalog, content: Mapping[str, object]) -> Iterator[tuple[str, Answer]]:
    for raw, value in content.items():
        key = str(raw)
        if value is not None and not isinstance(value, str | bool | int | float):
            raise BadAnswerError(f"`{key}` holds no plain value", "a text, a number, true or false")
        if key in ("name", PROJECT_NAME):
            yield PROJECT_NAME, str(value)
        elif question := catalog.question(key):
            yield key, check_value(question, value)
        elif feature := catalog.feature_called(key.removeprefix("with_")):
            yield from _said_of(feature, value)
        elif key.endswith("_kind") and (
            feature := catalog.feature_called(key.removesuffix("_kind"))
        ):
            yield feature.kind_key, check_kind(feature, str(value))
        else:
            known = ("name", *catalog.features, *(q.name for q in catalog.questions))
            raise UnknownNameError("answer", key, known)


def _said_of(feature: Feature, value: object) -> Iterator[tuple[str, Answer]]:
    if isinstance(value, bool):
        yield feature.key, value
    else:
        yield feature.key, True
        yield feature.kind_key, check_kind(feature, str(value))


def preset(
    catalog: Catalog, name: str, own: Mapping[str, Mapping[str, object]]
) -> dict[str, Answer]:
    """The answers of a preset; one of the user's own goes before forge's.

    A preset settles every feature: what it doesn't name is off. Features of forge's presets that
    the template doesn't have are passed over.
    """
    said: dict[str, Answer] = {feature.key: False for feature in catalog.features.values()}
    if name in own:
        return said | dict(_said(catalog, own[name]))
    if name not in catalog.presets:
        raise UnknownNameError("preset", name, [*catalog.presets, *own])
    return said | wishes(catalog, catalog.preset_features(name))


def own_presets(path: Path) -> dict[str, Mapping[str, object]]:
    """The `[presets.NAME]` tables of the user's configuration file; none without a file."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("presets", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise AnswersFileError(
            f"`{path}` can't be read: {reason}", "mend the file or move it"
        ) from error
    return {str(name): table for name, table in tables.items() if isinstance(table, dict)}


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


def dependents(catalog: Catalog, answers: Answers, names: Iterable[str]) -> tuple[Feature, ...]:
    """The features that are on and need one of `names`, directly or not, in catalogue order."""
    gone = set(names)
    while more := {
        f.name for f in catalog.on(answers) if f.name not in gone and gone & set(f.requires)
    }:
        gone |= more
    return tuple(f for f in catalog.on(answers) if f.name in gone - set(names))
