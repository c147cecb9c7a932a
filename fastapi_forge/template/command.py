"""The command line that makes a set of answers."""

import shlex
from collections.abc import Iterator

from fastapi_forge.template.catalog import PROJECT_NAME, Answers, Catalog
from fastapi_forge.template.questionnaire import Questionnaire


def equivalent(catalog: Catalog, answers: Answers) -> str:
    """`forge new NAME …` with what differs from the defaults; it needs no terminal.

    The template's `command.jinja` says the same, so that plain Copier gives the same README.
    """
    words = ["forge", "new", str(answers[PROJECT_NAME]), *_flags(catalog, answers), "-y"]
    return shlex.join(words)


def _flags(catalog: Catalog, answers: Answers) -> Iterator[str]:
    for feature in sorted(catalog.features.values(), key=lambda feature: feature.name):
        on = answers.get(feature.key) is True
        kind = catalog.kind_of(feature, answers) if on else None
        if kind and kind != feature.default_kind:
            yield from (feature.kind_flag, kind)
        elif on != feature.default:
            yield feature.flag if on else feature.off_flag
    filled = Questionnaire.filled_in(catalog.source, answers)
    for question in sorted(catalog.questions, key=lambda question: question.name):
        value = answers.get(question.name)
        if question.name == PROJECT_NAME or value in (None, filled.default(question.name)):
            continue
        if isinstance(value, bool):
            yield question.flag if value else f"--no-{question.flag.removeprefix('--')}"
        elif str(value).startswith("-"):
            yield f"{question.flag}={value}"
        else:
            yield from (question.flag, str(value))
