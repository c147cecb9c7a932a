"""The questions of `forge new`: catalogue and partial answers in, answers out.

It has no rule of its own: what requires or excludes what is decided by `answers.resolve`.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi_forge.cli.asking import Asker, Back, Option, asker
from fastapi_forge.errors import ForgeError
from fastapi_forge.output.look import is_terminal
from fastapi_forge.template.answers import resolve
from fastapi_forge.template.catalog import (
    PROJECT_NAME,
    Answer,
    Answers,
    Catalog,
    Feature,
    Kind,
    Question,
)
from fastapi_forge.template.presets import preset
from fastapi_forge.template.questionnaire import Questionnaire

OWN_CHOICE = "choose"
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Given:
    """The answers so far: `start` are defaults and preset, `said` what the user decided.

    `settled` says that a preset was named on the command line, `choosing` that the user picks the
    features one by one.
    """

    start: Mapping[str, Answer]
    said: Mapping[str, Answer]
    name: str | None = None
    settled: bool = False
    choosing: bool = False

    def with_said(self, key: str, value: Answer) -> "Given":
        return replace(self, said={**self.said, key: value})

    def decided_on(self, feature: Feature) -> bool:
        """Whether the user chose the feature; one that came by a preset is taken as it is."""
        return self.choosing or feature.key in self.said or feature.kind_key in self.said

    @property
    def answers(self) -> dict[str, Answer]:
        return {**self.start, **self.said}


@dataclass(frozen=True, slots=True)
class Step:
    """One question: whether it is asked, and how it changes what is given."""

    applies: Callable[[Given], bool]
    ask: Callable[[Given], Given]


def may_ask(*, no_input: bool) -> bool:
    """Whether anybody can answer: terminals at both ends, and nothing that says not to ask."""
    if no_input or _set("CI") or _set("FORGE_NO_INPUT"):
        return False
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def _set(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() not in ("", "0", "false")


def ask_one(
    catalog: Catalog, question: Question, answers: Mapping[str, Answer], say: Callable[[str], None]
) -> dict[str, Answer]:
    """The answers with one more."""
    interview = Interview(catalog, asker(), {}, lambda _: "", say)
    return interview.ask_question(question)(Given({}, answers)).answers


class Interview:
    """The flow of questions for one catalogue; Esc goes back to the one before."""

    def __init__(
        self,
        catalog: Catalog,
        asker: Asker,
        own_presets: Mapping[str, Mapping[str, object]],
        check_name: Callable[[str], str],
        say: Callable[[str], None],
    ) -> None:
        self.catalog, self.asker, self.own_presets = catalog, asker, own_presets
        self.check_name, self.say = check_name, say
        self._before: dict[str, str | list[str]] = {}

    def run(self, given: Given, confirm: Callable[[Given], bool]) -> Given:
        """Ask what isn't given yet, then `confirm`.

        Raises KeyboardInterrupt where the user breaks off or says no.
        """
        steps = [*self._steps(given), Step(lambda _: True, _confirming(confirm))]
        asked: list[tuple[int, Given]] = []
        at = 0
        while at < len(steps):
            if not steps[at].applies(given):
                at += 1
                continue
            try:
                answered = steps[at].ask(given)
            except Back:
                if asked:
                    at, given = asked.pop()
                continue
            asked.append((at, given))
            given, at = answered, at + 1
        return given

    def _steps(self, given: Given) -> Iterator[Step]:
        catalog = self.catalog
        yield Step(lambda g: g.name is None, self._ask_name)
        chosen = any(f.key in given.said or f.kind_key in given.said for f in _all(catalog))
        if not chosen and not given.settled:
            yield Step(lambda _: True, self._ask_preset)
            yield Step(lambda g: g.choosing, self._ask_features)
        for feature in _all(catalog):
            if feature.kinds:
                yield Step(self._kind_is_open(feature), self._ask_kind(feature))
        for question in catalog.questions:
            if question.asked:
                yield Step(self._is_open(question), self.ask_question(question))

    def _one_of(self, message: str, options: list[Option], default: str) -> str:
        """One of the options; after going back the one taken before is offered first."""
        before = self._before.get(message, default)
        chosen = self.asker.one_of(message, options, str(before))
        self._before[message] = chosen
        return chosen

    def _ask_name(self, given: Given) -> Given:
        name = self.asker.text("Name of the project", "myapi", self.check_name)
        return replace(given, name=name)

    def _ask_preset(self, given: Given) -> Given:
        width = max(map(len, (*self.catalog.presets, *self.own_presets, OWN_CHOICE, PLAIN)))
        options = [Option(PLAIN, f"{PLAIN.ljust(width)}  the base and the example")]
        for name in self.catalog.presets:
            names = self.catalog.preset_features(name)
            listed = (
                "all features" if len(names) == len(self.catalog.features) else ", ".join(names)
            )
            options.append(Option(name, f"{name.ljust(width)}  {listed or 'the base alone'}"))
        options += [Option(name, f"{name.ljust(width)}  your own") for name in self.own_presets]
        options.append(Option(OWN_CHOICE, f"{OWN_CHOICE.ljust(width)}  pick the features yourself"))
        chosen = self._one_of("What to start with", options, PLAIN)
        if chosen in (PLAIN, OWN_CHOICE):
            return replace(given, choosing=chosen == OWN_CHOICE)
        start = {**given.start, **preset(self.catalog, chosen, self.own_presets)}
        return replace(given, start=start, choosing=False)

    def _ask_features(self, given: Given) -> Given:
        width = max(len(feature.name) for feature in _all(self.catalog))
        groups = dict.fromkeys(feature.group for feature in _all(self.catalog))
        on = [f.name for f in _all(self.catalog) if given.answers.get(f.key) is True]
        on = list(self._before.get("features", on))
        options = [
            Option(f.name, _label(f, width), f.name in on, group)
            for group in groups
            for f in _all(self.catalog)
            if f.group == group
        ]
        while True:
            chosen = self.asker.some_of("Features", options)
            self._before["features"] = chosen
            start = {f.key: f.name in chosen for f in _all(self.catalog)}
            answered = replace(given, start={**given.start, **start})
            try:
                choice = resolve(self.catalog, answered.start, answered.said)
            except ForgeError as error:
                self.say(error.message)
                continue
            for pulled in choice.pulled:
                self.say(f"Also {pulled}")
            return answered

    def _resolved(self, given: Given) -> Answers:
        """The answers so far, with what they require and the project's name."""
        named = {} if given.name is None else {PROJECT_NAME: given.name}
        return {**resolve(self.catalog, given.start, given.said).answers, **named}

    def _so_far(self, question: Question, given: Given) -> Questionnaire:
        """What the template knows when it comes to a question."""
        return Questionnaire.until(self.catalog.source, question.name, self._resolved(given))

    def _kind_is_open(self, feature: Feature) -> Callable[[Given], bool]:
        def is_open(given: Given) -> bool:
            on = self._resolved(given).get(feature.key) is True
            named = feature.kind_key in given.said
            return on and not named and given.decided_on(feature)

        return is_open

    def _ask_kind(self, feature: Feature) -> Callable[[Given], Given]:
        def ask(given: Given) -> Given:
            default = str(given.answers.get(feature.kind_key) or feature.default_kind)
            kind = self._one_of(f"{feature.title}: which kind", _options(feature.kinds), default)
            return given.with_said(feature.kind_key, kind)

        return ask

    def _is_open(self, question: Question) -> Callable[[Given], bool]:
        def is_open(given: Given) -> bool:
            feature = self.catalog.features.get(question.feature or "")
            if feature and not given.decided_on(feature):
                return False
            if question.name in self._resolved(given):
                return False
            return self._so_far(question, given).applies(question.name)

        return is_open

    def ask_question(self, question: Question) -> Callable[[Given], Given]:
        """Puts a question of the catalogue."""

        def ask(given: Given) -> Given:
            default = str(self._so_far(question, given).default(question.name))
            if not question.choices:
                answer = self.asker.text(question.title, default, _needed(question))
                return given.with_said(question.name, answer)
            known = default if default in question.values else question.values[0]
            answer = self._one_of(question.title, _options(question.choices), known)
            return given.with_said(question.name, answer)

        return ask


def _needed(question: Question) -> Callable[[str], str]:
    return lambda text: "" if text.strip() or not question.required else "an answer is needed"


def _all(catalog: Catalog) -> tuple[Feature, ...]:
    return tuple(catalog.features.values())


def _options(kinds: Sequence[Kind]) -> list[Option]:
    width = max(len(kind.value) for kind in kinds)
    return [
        Option(k.value, f"{k.value.ljust(width)}  {k.label}{f': {k.hint}' if k.hint else ''}")
        for k in kinds
    ]


def _label(feature: Feature, width: int) -> str:
    needs = f" (needs {', '.join(feature.requires)})" if feature.requires else ""
    excludes = f" (not with {', '.join(feature.conflicts)})" if feature.conflicts else ""
    return f"{feature.name.ljust(width)}  {feature.description}{needs}{excludes}"


def _confirming(confirm: Callable[[Given], bool]) -> Callable[[Given], Given]:
    def ask(given: Given) -> Given:
        if not confirm(given):
            raise KeyboardInterrupt
        return given

    return ask
