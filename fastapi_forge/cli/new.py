"""`forge new`: ask, answer, render, create."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi_forge import git
from fastapi_forge.cli import prompts, said, steps
from fastapi_forge.cli.asking import asker
from fastapi_forge.cli.prompts import Given, Interview
from fastapi_forge.cli.said import MissingAnswerError, Values
from fastapi_forge.errors import ForgeError
from fastapi_forge.output import data, text
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.outcomes import previewed
from fastapi_forge.output.report import Report
from fastapi_forge.template import command as command_line
from fastapi_forge.template.answers import Choice, Pulled, resolve
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Catalog, load_catalog
from fastapi_forge.template.render import Rendered, render
from fastapi_forge.tree import Tree
from fastapi_forge.verbs import creation


def new(values: Values, report: Report) -> Outcome:
    """Create a project."""
    began = time.perf_counter()
    catalog = load_catalog()
    draft = _drafted(catalog, values, report)
    place, rendered = draft.place, draft.rendered
    notes = [*draft.notes] if draft.confirmed else pulled_notes(draft.choice.pulled)
    plan = creation.plan_creation(rendered)
    if values.get("dry_run"):
        return previewed(plan, report.look, notes, diff=bool(values.get("diff")))
    files = Tree({**plan.outcome, creation.ENV_NAME: creation.first_env(catalog, rendered.answers)})
    with report.phase("write"):
        notes += creation.create(place, files, with_git=not values.get("no_git"))
    installed = bool(values.get("install"))
    if installed:
        steps.install(place.target, silent=report.is_silent)
    next_steps = tuple(steps.after_new(catalog, place, rendered, installed=installed))
    document = data.plan_data(plan, written=True, steps=next_steps, notices=notes)
    document |= {
        "project": str(place.target),
        "command": command_line.equivalent(catalog, rendered.answers),
    }
    closing = _closing(place, len(files), time.perf_counter() - (draft.confirmed or began))
    lines = (*text.hunks(plan.changes), closing) if values.get("diff") else (closing,)
    detail = tuple(text.changes(plan.changes, report.look))
    return Outcome(document, lines, tuple(notes), next_steps, detail)


@dataclass(frozen=True, slots=True)
class Draft:
    """A project that is not written yet; `confirmed` is when the user said yes."""

    place: creation.Place
    choice: Choice
    rendered: Rendered
    notes: tuple[str, ...] = ()
    confirmed: float | None = None


def _drafted(catalog: Catalog, values: Values, report: Report) -> Draft:
    """The project that was asked for; at a terminal what was not said is asked."""
    start, answers = said.for_new(catalog, values)
    name = values.get("name") or answers.pop(PROJECT_NAME, None)
    given = Given(start, answers, None if name is None else str(name), bool(values.get("preset")))
    silent = any(values.get(flag) for flag in ("no_input", "json", "yes"))
    if prompts.may_ask(no_input=silent):
        return _interviewed(catalog, given, values, report)
    if given.name is None:
        raise MissingAnswerError("the project's `NAME` is missing", "forge new myapi")
    return _draft_of(catalog, given, values, report)


def _draft_of(catalog: Catalog, given: Given, values: Values, report: Report) -> Draft:
    place = creation.place_for(str(given.name), values.get("output_dir"), catalog)
    answers = {**given.said, PROJECT_NAME: place.name}
    _say_author(catalog, answers)
    choice = resolve(catalog, given.start, answers)
    for question in said.unanswered(catalog, choice.answers):
        raise said.required_answer(question, f"forge new {place.name}")
    return Draft(place, choice, rendered_for(catalog, choice, report))


def _interviewed(catalog: Catalog, given: Given, values: Values, report: Report) -> Draft:
    drafts: list[Draft] = []
    ask = asker()

    def why_not(name: str) -> str:
        try:
            creation.place_for(name, values.get("output_dir"), catalog)
        except ForgeError as error:
            return error.message
        return ""

    def confirm(given: Given) -> bool:
        drafts.append(_draft_of(catalog, given, values, report))
        for line in _summary(catalog, drafts[-1]):
            report.note(line)
        return ask.confirm("Create it?")

    if given.name is not None:
        creation.place_for(given.name, values.get("output_dir"), catalog)
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


_OWN_FILES = 2  # forge.lock and .env


def _say_author(catalog: Catalog, answers: dict[str, Answer]) -> None:
    """git's identity is the author where nobody said another."""
    if not catalog.question("author") or "author" in answers:
        return
    if author := git.author(Path.cwd()):
        answers["author"] = author


def _closing(place: creation.Place, files: int, took: float) -> str:
    where = "" if place.shown in (place.name, ".") else f" in {place.shown}"
    return f"Created {place.name}{where} ({text.count(files, 'file')}) in {took:.1f} s"


def rendered_for(catalog: Catalog, choice: Choice, report: Report, **facts: Any) -> Rendered:
    """The template's files for these answers."""
    with report.phase("render"):
        return render(catalog, choice.answers, facts)


def pulled_notes(pulled: tuple[Pulled, ...]) -> list[str]:
    return [f"Also {one}" for one in pulled]
