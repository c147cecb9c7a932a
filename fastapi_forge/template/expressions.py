"""Values of the template that may hold Jinja: a question's default, and when it is asked."""

from collections.abc import Mapping
from typing import Any

from fastapi_forge.template.catalog import Answers, Question


def default_of(question: Question, answers: Answers) -> Any:
    """The template's default, its expression evaluated over `answers`."""
    return evaluate(question.default, answers)


def applies(question: Question, answers: Answers) -> bool:
    """Whether the question is asked under `answers`."""
    value = evaluate(question.when, answers)
    return str(value).strip().lower() not in ("", "false", "none", "no", "0")


def evaluate(expression: Any, answers: Mapping[str, Any]) -> Any:
    """A value of the template that may hold Jinja."""
    if not isinstance(expression, str) or "{" not in expression:
        return expression
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    return SandboxedEnvironment().from_string(expression).render(**answers)
