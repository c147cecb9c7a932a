"""What can be chosen: `copier.yml` and every room's `feature.yml` as frozen data.

Flags, prompts, help, completion, docs and the test matrix derive from this one reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi_forge.template.source import Source, read_source, template_root

Answer = str | bool | int | float | None
Answers = Mapping[str, Answer]
Told = Mapping[str, tuple[str, ...]]

PROJECT_NAME = "project_name"
_DEPENDENCY = re.compile(r"""["']([A-Za-z0-9][\w.-]*[A-Za-z0-9])(?:\[[\w, -]+\])?[<>=~!]""")


@dataclass(frozen=True, slots=True)
class Kind:
    """One value of a choice: a feature's variant or a base question's answer."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked besides the features themselves.

    `default` and `when` may hold a Jinja expression over the answers, as in Copier. `feature` is
    the feature in whose room the question lies, None for the base's. Prompts put the question only
    if it is `asked`; its flag is always there. One that is `required` has no default.
    `when_chosen` is what to do where a project begins with an answer, `when_changed` where it gets
    another one, by that answer or by a feature that stays.
    """

    name: str
    flag: str
    title: str
    type: str
    default: Answer
    choices: tuple[Kind, ...] = ()
    when: str | bool = True
    feature: str | None = None
    asked: bool = False
    required: bool = False
    when_chosen: Told = field(default_factory=dict)
    when_changed: Told = field(default_factory=dict)

    @property
    def names_project(self) -> bool:
        """Whether it asks for the project's name, which is an argument and no flag."""
        return self.name == PROJECT_NAME

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(kind.value for kind in self.choices)


@dataclass(frozen=True, slots=True)
class AnswerNeeded:
    """A kind's demand on another question: `question` must be `value`, because of `reason`."""

    kind: str
    question: str
    value: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Alteration:
    """What a feature does to every table, the user's own among them, and why.

    Its revision sees to `column`; without one the user's own tables are left to the user. `check`
    is a command that names the keys of the user's own tables which lack the column.
    """

    reason: str
    column: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """An optional part of a project, with the words that present it.

    `next_steps` are what to run or set wherever the feature comes; `when_added`, `when_changed` and
    `when_removed` what is to be done where it comes to a project that serves already, gets another
    kind there or goes: by kind, by another feature that stays, or by `on` for all. `moves_data` are
    the kinds that can't be added where tables exist: their rows would have to be moved.
    `alters_tables` says for a kind what it does to every table, `removal` what the revision that
    takes it back does to rows.
    """

    name: str
    title: str
    description: str
    group: str
    docs: str
    example: str
    default: bool
    kinds: tuple[Kind, ...] = ()
    default_kind: str | None = None
    aliases: tuple[str, ...] = ()
    requires: Mapping[str, str] = field(default_factory=dict)
    requires_answers: tuple[AnswerNeeded, ...] = ()
    conflicts: Mapping[str, str] = field(default_factory=dict)
    next_steps: tuple[str, ...] = ()
    when_added: Told = field(default_factory=dict)
    when_changed: Told = field(default_factory=dict)
    when_removed: Told = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    moves_data: tuple[str, ...] = ()
    alters_tables: Mapping[str, Alteration] = field(default_factory=dict)
    removal: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    @property
    def key(self) -> str:
        """The answer that switches it on."""
        return f"with_{self.name}"

    @property
    def kind_key(self) -> str:
        """The answer that holds its kind; asked only where there are several."""
        return f"{self.name}_kind"

    @property
    def flag(self) -> str:
        return f"--with-{self.name.replace('_', '-')}"

    @property
    def off_flag(self) -> str:
        return f"--without-{self.name.replace('_', '-')}"

    @property
    def kind_flag(self) -> str:
        return f"--{self.name.replace('_', '-')}"

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(kind.value for kind in self.kinds)


@dataclass(frozen=True)
class Catalog:
    """All features in the catalogue's order, the base's questions, the presets.

    `lists` are the paths of the files that features and users lengthen line by line, `libraries`
    the folders of modules that know no feature. `modules` are what distributions of another name
    are imported by, several with a space between.
    """

    source: Source
    features: Mapping[str, Feature]
    base_questions: tuple[Question, ...]
    presets: Mapping[str, tuple[str, ...]]
    secrets: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    indirect: frozenset[str] = frozenset()
    modules: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The template's folder."""
        return self.source.root

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The base's questions, then those that the features' rooms bring."""
        of_features = (q for feature in self.features.values() for q in feature.questions)
        return (*self.base_questions, *of_features)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every name that an answer may have in the project's records."""
        features = self.features.values()
        kinds = (f.kind_key for f in features if f.kinds)
        return frozenset([*(f.key for f in features), *kinds, *(q.name for q in self.questions)])

    def question(self, name: str) -> Question | None:
        return next((q for q in self.questions if q.name == name), None)

    def feature_called(self, name: str) -> Feature | None:
        """The feature of that name or alias; case and `_` for `-` are forgiven."""
        wanted = name.lower().replace("-", "_")
        for feature in self.features.values():
            if wanted in (feature.name, *(a.replace("-", "_") for a in feature.aliases)):
                return feature
        return None

    def on(self, answers: Answers) -> tuple[Feature, ...]:
        """The features that `answers` switch on, in the catalogue's order."""
        return tuple(f for f in self.features.values() if answers.get(f.key) is True)

    def kind_of(self, feature: Feature, answers: Answers) -> str | None:
        """The feature's kind under `answers`; None where it has but one."""
        if not feature.kinds:
            return None
        return str(answers.get(feature.kind_key) or feature.default_kind)

    def spelled(self, feature: Feature, answers: Answers) -> str:
        """`versioning=header`, or the bare name where there is no choice of kind."""
        kind = self.kind_of(feature, answers)
        return f"{feature.name}={kind}" if kind else feature.name

    def preset_features(self, name: str) -> tuple[str, ...]:
        """The features of one of forge's presets that this template has; `*` stands for all."""
        listed = self.presets[name]
        if "*" in listed:
            return tuple(self.features)
        return tuple(text for text in listed if self.feature_called(text.partition("=")[0]))

    def dependencies(self) -> frozenset[str]:
        """The normalised names of all distributions that some project's environment has."""
        project = self.root / "project"
        files = [*project.glob("pyproject.toml*"), *project.rglob("_parts/*depend*")]
        found = (name for file in files for name in _DEPENDENCY.findall(file.read_text("utf-8")))
        return self.indirect | {re.sub(r"[-_.]+", "-", name).lower() for name in found}

    def modules_of(self, distribution: str) -> tuple[str, ...]:
        """What a distribution is imported by."""
        return tuple(self.modules.get(distribution, distribution.replace("-", "_")).split())


def load_catalog(root: Path | None = None) -> Catalog:
    """Read the catalogue of the template at `root`. Raises BrokenTemplateError."""
    source = read_source(root or template_root())
    base, *rooms = source.documents
    features = [_feature(room) for room in rooms if _feature_name(room)]
    return Catalog(
        source=source,
        features={feature.name: feature for feature in features},
        base_questions=tuple(_questions(base, base.get("_questions") or {})),
        presets={name: tuple(names or ()) for name, names in (base.get("_presets") or {}).items()},
        secrets=tuple(base.get("_secrets") or ()),
        lists=frozenset(base.get("_lists") or ()),
        libraries=frozenset(base.get("_libraries") or ()),
        indirect=frozenset(base.get("_indirect") or ()),
        modules=dict(base.get("_modules") or {}),
    )


def _feature_name(room: Mapping[str, Any]) -> str:
    named = (key.removeprefix("with_") for key in room if key.startswith("with_"))
    return next((name for name in named if f"_{name}" in room), "")


def _feature(room: Mapping[str, Any]) -> Feature:
    name = _feature_name(room)
    words = room[f"_{name}"] or {}
    kind = room.get(f"{name}_kind") or {}
    own = {key: value for key, value in room.items() if key not in (f"with_{name}", f"{name}_kind")}
    return Feature(
        name=name,
        title=words.get("title", name),
        description=words.get("description", ""),
        group=words.get("group", "Other"),
        docs=words.get("docs", ""),
        example=words.get("example", f"forge add {name}"),
        default=bool(room[f"with_{name}"].get("default", False)),
        kinds=_choices(kind.get("choices")),
        default_kind=kind.get("default"),
        aliases=tuple(words.get("aliases") or ()),
        requires=dict(words.get("requires") or {}),
        requires_answers=tuple(_needed(words.get("requires_answers") or {})),
        conflicts=dict(words.get("conflicts") or {}),
        next_steps=tuple(words.get("next_steps") or ()),
        when_added=_told(words.get("when_added")),
        when_changed=_told(words.get("when_changed")),
        when_removed=_told(words.get("when_removed")),
        secrets=tuple(words.get("secrets") or room.get("_secrets") or ()),
        moves_data=tuple(words.get("moves_data") or ()),
        alters_tables={
            kind: Alteration(**said) for kind, said in (words.get("alters_tables") or {}).items()
        },
        removal=dict(words.get("removal") or {}),
        questions=tuple(_questions(own, words.get("questions") or {}, name)),
    )


def _told(given: Mapping[str, Iterable[str]] | None) -> Told:
    return {key: tuple(steps) for key, steps in (given or {}).items()}


def _needed(by_kind: Mapping[str, Mapping[str, Any]]) -> Iterator[AnswerNeeded]:
    for kind, demands in by_kind.items():
        reason = str(demands.get("reason", ""))
        for question, value in demands.items():
            if question != "reason":
                yield AnswerNeeded(kind, question, value, reason)


def _questions(
    document: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]], feature: str | None = None
) -> Iterator[Question]:
    for name, details in document.items():
        if name.startswith("_") or not isinstance(details, dict) or details.get("when") is False:
            continue
        said = words.get(name) or {}
        required = "default" not in details and name != PROJECT_NAME
        yield Question(
            name=name,
            flag=said.get("flag", f"--{name.replace('_', '-')}"),
            title=said.get("title") or details.get("help") or name.replace("_", " "),
            type=details.get("type", "str"),
            default=details.get("default", ""),
            choices=_choices(details.get("choices")),
            when=details.get("when", True),
            asked=bool(said.get("ask", feature is not None or required)),
            required=required,
            feature=feature,
            when_chosen=_told(said.get("when_chosen")),
            when_changed=_told(said.get("when_changed")),
        )


def _choices(given: Mapping[str, Any] | Iterable[Any] | None) -> tuple[Kind, ...]:
    """Copier's ways to write choices; the label's text after `: ` is its hint."""
    pairs = given.items() if isinstance(given, Mapping) else ((c, c) for c in given or ())
    kinds = []
    for label, value in pairs:
        if isinstance(label, list | tuple):
            label, value = label  # noqa: PLW2901
        value = value["value"] if isinstance(value, Mapping) else value  # noqa: PLW2901
        text, _, hint = str(label).partition(": ")
        kinds.append(Kind(str(value), text, hint))
    return tuple(kinds)
