"""The answers in `forge.lock`, held to the rules of `new`: a lock may be a stranger's."""

import re
from typing import ClassVar

from fastapi_forge.errors import ForgeError
from fastapi_forge.project.lock import LOCK_NAME, CorruptLock, Lock
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Answers, Catalog, Question
from fastapi_forge.template.names import misshapen
from fastapi_forge.template.older import carried_over, translated
from fastapi_forge.template.render import render
from fastapi_forge.template.rooms import owner_of
from fastapi_forge.template.wishes import BadAnswerError, check_value

_CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")


class MixedLock(ForgeError):
    """`forge.lock` has the answers of one branch, and files that another one brought."""

    code: ClassVar[str] = "lock-mixed"

    def __init__(self, keys: list[str]) -> None:
        names = "`, `".join(keys)
        super().__init__(
            f"`{LOCK_NAME}` lists files of `{names}`, which its answers lack: branches met in it",
            "set what the project has to true in its first line, then run: forge update",
        )


def check_mixture(catalog: Catalog, lock: Lock) -> None:
    """Raises MixedLock where a merge left files of features that the answers do not name."""
    if lock.is_whole:
        return
    answers = carried_over(catalog, lock.answers)
    foreign = lock.tree.keys() - render(catalog, answers).tree.keys()
    off = [feature for feature in catalog.features.values() if not answers.get(feature.key)]
    on = {feature.key: True for feature in off}
    owners = {owner_of(path, catalog, on) for path in foreign}
    if keys := [feature.key for feature in off if feature.name in owners]:
        raise MixedLock(keys)


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
