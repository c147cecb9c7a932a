"""`forge new`: ask, answer, render, create."""

import time
from pathlib import Path
from typing import Any

from fastapi_forge import commands, creation, data, git, said, steps, text
from fastapi_forge.answers import Choice, Pulled, resolve
from fastapi_forge.catalog import PROJECT_NAME, Answer, Catalog, load_catalog
from fastapi_forge.outcome import Outcome
from fastapi_forge.outcomes import previewed
from fastapi_forge.render import Rendered, render
from fastapi_forge.report import Report
from fastapi_forge.said import MissingAnswerError, Values
from fastapi_forge.tree import Tree


def new(values: Values, report: Report) -> Outcome:
    """Create a project."""
    began = time.perf_counter()
    catalog = load_catalog()
    start, answers = said.for_new(catalog, values)
    name = values.get("name") or answers.pop(PROJECT_NAME, None)
    if name is None:
        raise MissingAnswerError("the project's `NAME` is missing", "forge new myapi")
    place = creation.place_for(str(name), values.get("output_dir"), catalog)
    answers[PROJECT_NAME] = place.name
    _say_author(catalog, answers)
    choice = resolve(catalog, start, answers)
    notes = pulled_notes(choice.pulled)
    rendered = rendered_for(catalog, choice, report)
    plan = creation.plan_creation(rendered)
    if values.get("dry_run"):
        return previewed(plan, report.look, notes, diff=bool(values.get("diff")))
    files = Tree({**plan.outcome, creation.ENV_NAME: creation.first_env(catalog, rendered.answers)})
    with report.phase("write"):
        notes += creation.create(place, files, with_git=not values.get("no_git"))
    installed = bool(values.get("install"))
    if installed:
        steps.install(place.target)
    next_steps = tuple(steps.after_new(catalog, place, rendered, installed=installed))
    document = data.plan_data(plan, written=True, steps=next_steps, notices=notes)
    document |= {
        "project": str(place.target),
        "command": commands.equivalent(catalog, rendered.answers),
    }
    closing = _closing(place, len(files), time.perf_counter() - began)
    lines = (*text.hunks(plan.changes), closing) if values.get("diff") else (closing,)
    detail = tuple(text.changes(plan.changes, report.look))
    return Outcome(document, lines, tuple(notes), next_steps, detail)


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
        command = commands.equivalent(catalog, choice.answers)
        return render(catalog, choice.answers, {"forge_command": command, **facts})


def pulled_notes(pulled: tuple[Pulled, ...]) -> list[str]:
    return [f"Also {one}" for one in pulled]
