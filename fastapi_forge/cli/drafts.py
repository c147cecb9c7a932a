"""From what was said, and what is asked, to a project that only has to be written."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi_forge import git
from fastapi_forge.cli import prompts, said
from fastapi_forge.cli.asking import asker
from fastapi_forge.cli.prompts import Given, Interview
from fastapi_forge.cli.said import MissingAnswerError
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.errors import ForgeError
from fastapi_forge.output import text
from fastapi_forge.output.report import Report
from fastapi_forge.template import command as command_line
from fastapi_forge.template.answers import Choice, resolve
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Catalog
from fastapi_forge.template.render import Rendered, render
from fastapi_forge.verbs import creation

_OWN_FILES = 2  # forge.lock and .env


@dataclass(frozen=True, slots=True)
class Draft:
    """A project that is not written yet; `confirmed` is when the user said yes."""

    place: creation.Place
    choice: Choice
    rendered: Rendered
    notes: tuple[str, ...] = ()
    confirmed: float | None = None


def drafted(catalog: Catalog, wanted: Wanted, report: Report) -> Draft:
    """The project that was asked for; at a terminal what was not said is asked.

    Raises MissingAnswerError, and what naming, answering and rendering raise.
    """
    start, answers = said.for_new(catalog, wanted)
    name = wanted.name or answers.pop(PROJECT_NAME, None)
    given = Given(start, answers, None if name is None else str(name), bool(wanted.preset))
    if prompts.may_ask(no_input=wanted.silent):
        return _interviewed(catalog, given, wanted, report)
    if given.name is None:
        raise MissingAnswerError("the project's `NAME` is missing", "forge new myapi")
    draft = _draft_of(catalog, given, wanted, report)
    return replace(draft, notes=text.also(draft.choice.pulled))


def _draft_of(catalog: Catalog, given: Given, wanted: Wanted, report: Report) -> Draft:
    place = creation.place_for(str(given.name), wanted.output_dir, catalog)
    answers = {**given.said, PROJECT_NAME: place.name}
    _say_author(catalog, answers)
    choice = resolve(catalog, given.start, answers)
    for question in said.unanswered(catalog, choice.answers):
        raise said.required_answer(question, f"forge new {place.name}")
    with report.phase("render"):
        return Draft(place, choice, render(catalog, choice.answers))


def _interviewed(catalog: Catalog, given: Given, wanted: Wanted, report: Report) -> Draft:
    drafts: list[Draft] = []
    ask = asker()

    def why_not(name: str) -> str:
        try:
            creation.place_for(name, wanted.output_dir, catalog)
        except ForgeError as error:
            return error.message
        return ""

    def confirm(given: Given) -> bool:
        drafts.append(_draft_of(catalog, given, wanted, report))
        for line in _summary(catalog, drafts[-1]):
            report.note(line)
        return ask.confirm("Create it?")

    if given.name is not None:
        creation.place_for(given.name, wanted.output_dir, catalog)
    interview = Interview(catalog, ask, said.users_presets(), why_not, report.note)
    interview.run(given, confirm)
    command = command_line.equivalent(catalog, drafts[-1].rendered.answers)
    notes = ("", "The same again, without questions:", f"  {command}", "")
    return replace(drafts[-1], notes=notes, confirmed=time.perf_counter())


def _summary(catalog: Catalog, draft: Draft) -> Iterator[str]:
    """What is about to be created."""
    answers = draft.choice.answers
    on = [catalog.spelled(feature, answers) for feature in catalog.on(answers)]
    yield ""
    yield f"Project   {draft.place.name}, in {draft.place.target}"
    yield f"Features  {', '.join(on) or 'none'}"
    for pulled in draft.choice.pulled:
        yield f"          {pulled}"
    yield f"Files     {text.count(len(draft.rendered.tree) + _OWN_FILES, 'file')}"


def _say_author(catalog: Catalog, answers: dict[str, Answer]) -> None:
    """git's identity is the author where nobody said another."""
    if not catalog.question("author") or "author" in answers:
        return
    if author := git.author(Path.cwd()):
        answers["author"] = author
