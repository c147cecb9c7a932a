"""From the flags of a command line, files and presets to the answers that were said."""

import errno
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.errors import UsageError
from fastapi_forge.template.answers import defaults
from fastapi_forge.template.catalog import Answer, Answers, Catalog, Question
from fastapi_forge.template.presets import AnswersFileError, own_presets, preset, read_answers
from fastapi_forge.template.questionnaire import Questionnaire
from fastapi_forge.template.wishes import check_kind, check_value


class MissingAnswerError(UsageError):
    """An answer without a default that nobody gave."""

    code = "missing-answer"


def flag_answers(catalog: Catalog, values: Answers) -> dict[str, Answer]:
    """The answers that flags gave, checked."""
    said: dict[str, Answer] = {}
    for feature in catalog.features.values():
        if feature.key in values:
            said[feature.key] = values[feature.key]
        if feature.kind_key in values:
            said[feature.kind_key] = check_kind(feature, str(values[feature.kind_key]))
    for question in catalog.questions:
        if question.name in values:
            said[question.name] = check_value(question, values[question.name])
    return said


def unanswered(catalog: Catalog, answers: Answers) -> Iterator[Question]:
    """The questions that have no default and are put under these answers, but have no answer."""
    for question in catalog.questions:
        is_open = question.required and answers.get(question.name) in (None, "")
        if is_open and is_put(catalog, question, answers):
            yield question


def is_put(catalog: Catalog, question: Question, answers: Answers) -> bool:
    """Whether the template asks the question under these answers."""
    before = Questionnaire.until(catalog.source, question.name, answers)
    return before.applies(question.name)


def required_answer(question: Question, command: str) -> MissingAnswerError:
    """The refusal that names the flag."""
    value = question.values[0] if question.choices else "TEXT"
    return MissingAnswerError(
        f"the template asks `{question.title}`, and nothing answers it",
        f"{command} {question.flag} {value}",
    )


def for_new(catalog: Catalog, wanted: Wanted) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """What defaults and preset give, and what was said by file and flags, the flags last."""
    start = defaults(catalog)
    if wanted.preset:
        start |= preset(catalog, wanted.preset, users_presets())
    said: dict[str, Answer] = {}
    if wanted.answers:
        said |= read_answers(catalog, Path(wanted.answers), _text_of(wanted.answers))
    return start, said | flag_answers(catalog, wanted.said)


_LONGEST = 64 * 1024


def users_presets() -> Mapping[str, Mapping[str, object]]:
    """The user's own presets, from their configuration file."""
    try:
        home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    except RuntimeError:  # a user without a home
        return {}
    return own_presets(Path(home) / "forge" / "config.toml")


def _text_of(source: str) -> str:
    try:
        text = _read(source)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise AnswersFileError(
            f"`{source}` can't be read: {str(reason).lower()}", "check the path given to --answers"
        ) from error
    if len(text) > _LONGEST:
        raise AnswersFileError(
            f"`{source}` has more than {_LONGEST:,} characters", "give a file of answers alone"
        )
    return text


def _read(source: str) -> str:
    """The text of a file or of the standard input, no more of it than could be answers."""
    if source == "-":
        return sys.stdin.read(_LONGEST + 1) if sys.stdin else ""
    path = Path(source)
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file; `-` is the standard input")
    with path.open(encoding="utf-8") as file:
        return file.read(_LONGEST + 1)
