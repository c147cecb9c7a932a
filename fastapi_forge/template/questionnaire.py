"""The template's questions, answered without asking: by what is given, else by their defaults.

What Copier does with `--defaults`, in its order: a later default may use earlier answers.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml

from fastapi_forge.errors import DefectError, UsageError
from fastapi_forge.template.engine import render_text
from fastapi_forge.template.source import Source

ANSWERS_FILE = ".copier-answers.yml"


class RefusedAnswerError(UsageError):
    """The template's own check refuses an answer."""

    code = "bad-answer"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the template refuses an answer: {reason}", "forge features")


class RenderError(DefectError):
    """The template can't be rendered with these answers: a defect of the template."""

    code = "render"

    def __init__(self, place: str, error: Exception | str) -> None:
        reason = " ".join(str(error).split())
        super().__init__(
            f"the template can't be rendered: `{place}`: {reason or type(error).__name__}",
            "report this",
        )


@dataclass
class Questionnaire:
    """The answers that the template's text sees, and which of them the project records."""

    source: Source
    answers: dict[str, Any]
    hidden: set[str] = field(default_factory=set)

    @classmethod
    def filled_in(cls, source: Source, given: Mapping[str, Any]) -> "Questionnaire":
        """Answer every question.

        Raises RefusedAnswerError for a given value that won't do, RenderError for a default that
        can't be made.
        """
        filled = cls(source, dict(given))
        for name, details in source.questions.items():
            filled._answer(name, details)
        return filled

    @classmethod
    def until(cls, source: Source, name: str, given: Mapping[str, Any]) -> "Questionnaire":
        """Answer what comes before a question; what has no default and no answer stays open.

        Raises what `filled_in` raises.
        """
        filled = cls(source, dict(given))
        for other, details in source.questions.items():
            if other == name:
                break
            if other in filled.answers or "default" in details:
                filled._answer(other, details)
        return filled

    def applies(self, name: str) -> bool:
        """Whether a question is put under the answers so far."""
        return _as_bool(self._rendered(name, self.source.questions[name].get("when", True)))

    def default(self, name: str) -> Any:
        """The template's own answer, of the question's type; empty where there is none."""
        details = self.source.questions[name]
        if "default" not in details:
            return ""
        try:
            value = self._rendered(name, details["default"])
            return self._accepted(name, details, value)
        except (ValueError, TypeError, yaml.YAMLError) as error:
            raise RenderError(name, error) from error

    @property
    def recorded(self) -> dict[str, Any]:
        """What the project keeps: no computed value, and nothing that is no question."""
        return {
            name: value
            for name, value in self.answers.items()
            if name in self.source.questions and name not in self.hidden
        }

    @property
    def context(self) -> dict[str, Any]:
        """What the template's text sees."""
        return {
            **self.answers,
            "_copier_answers": self.recorded,
            "_copier_conf": {"answers_file": PurePosixPath(self._answers_file)},
        }

    @property
    def _answers_file(self) -> str:
        return str(self.source.settings.get("answers_file", ANSWERS_FILE))

    def _answer(self, name: str, details: Mapping[str, Any]) -> None:
        applies = self.applies(name)
        if not applies:
            self.hidden.add(name)
        given = name in self.answers
        if not given and "default" not in details:
            if applies:
                raise RefusedAnswerError(f'Question "{name}" is required')
            return
        try:
            answer = (
                self._accepted(name, details, self.answers[name]) if given else self.default(name)
            )
            if given or applies:
                self._validate(name, details, answer)
        except (ValueError, TypeError, yaml.YAMLError) as error:
            if given:
                raise RefusedAnswerError(" ".join(str(error).split())) from error
            raise RenderError(name, error) from error
        self.answers[name] = answer

    def _accepted(self, name: str, details: Mapping[str, Any], value: Any) -> Any:
        """The value as the question's type has it, if it is one of the choices."""
        cast = _CASTS[details.get("type") or _type_of(details.get("default"))]
        answer = cast(value)
        choices = [cast(self._rendered(name, one)) for one in _values(details.get("choices"))]
        if choices and answer not in choices:
            raise ValueError(f"Invalid choice for '{name}': {answer!r} is not in {choices}")
        return answer

    def _validate(self, name: str, details: Mapping[str, Any], answer: Any) -> None:
        text = self._rendered(name, details.get("validator", ""), {name: answer})
        if message := str(text).strip():
            raise ValueError(f"Validation error for question '{name}': {message}")

    def _rendered(self, name: str, value: Any, more: Mapping[str, Any] | None = None) -> Any:
        if isinstance(value, list):
            return [self._rendered(name, one, more) for one in value]
        if not isinstance(value, str) or "{" not in value:
            return value
        try:
            return render_text(self.source.environment, value, {**self.context, **(more or {})})
        except Exception as error:
            raise RenderError(name, error) from error


def _values(choices: Mapping[str, Any] | Iterable[Any] | None) -> Iterable[Any]:
    """The values of choices in any of Copier's ways to write them."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices or ()
    for pair in pairs:
        value = pair[1] if isinstance(pair, list | tuple) else pair
        yield value["value"] if isinstance(value, Mapping) else value


def _type_of(default: Any) -> str:
    name = type(default).__name__
    return name if name in _CASTS else "yaml"


def _as_bool(value: Any) -> bool:
    """Copier's reading: a number, YAML's words for yes and no, else Python's."""
    with suppress(TypeError, ValueError):
        return bool(float(value))
    if isinstance(value, str):
        word = value.strip().lower()
        if word in {"y", "yes", "t", "true", "on"}:
            return True
        if word in {"", "n", "no", "f", "false", "off", "~", "null", "none"}:
            return False
    return bool(value)


def _as_text(value: Any) -> str:
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"{value!r} is no text")


def _loaded(load: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Text is read; what is no text is a value already."""
    return lambda value: load(value) if isinstance(value, str) else value


_CASTS: Mapping[str, Callable[[Any], Any]] = {
    "bool": _as_bool,
    "float": float,
    "int": int,
    "json": _loaded(json.loads),
    "path": _as_text,
    "str": _as_text,
    "yaml": _loaded(yaml.safe_load),
}
