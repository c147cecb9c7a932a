"""The answers in `forge.lock`, held to the rules of `new`: a lock may be a stranger's."""

import re

from fastapi_forge.project.lock import CorruptLock
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Answers, Catalog, Question
from fastapi_forge.template.names import misshapen
from fastapi_forge.template.older import translated
from fastapi_forge.template.wishes import BadAnswerError, check_value

_CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")


def check_answers(catalog: Catalog, answers: Answers) -> None:
    """Raises CorruptLock for an answer that `new` would not have recorded.

    What this template doesn't ask is not looked at, for no verb takes it over; nor is whether a
    choice is still one.
    """
    for key, value in translated(catalog, answers).items():
        if reason := _objection(catalog, key, value):
            raise CorruptLock(f"its answer to `{key}` {reason}")


def _objection(catalog: Catalog, key: str, value: Answer) -> str:
    """Why the value of an answer won't do, or nothing."""
    features = catalog.features.values()
    question = catalog.question(key)
    if any(key == feature.key for feature in features):
        return "" if isinstance(value, bool) else "is neither true nor false"
    if any(key == feature.kind_key for feature in features) or (question and question.choices):
        is_choice = isinstance(value, str) and _CHOICE.fullmatch(value)
        return "" if is_choice else "is no choice"
    if key == PROJECT_NAME:
        is_name = isinstance(value, str) and not misshapen(value)
        return "" if is_name else "is no name of a project"
    return _objection_to_text(question, value) if question else ""


def _objection_to_text(question: Question, value: Answer) -> str:
    if question.type == "str" and not isinstance(value, str):
        return "is no text"
    try:
        check_value(question, value)
    except BadAnswerError as error:
        return f"won't do: {error.hint}"
    return ""
