"""`forge new`: draft, plan, create."""

import time

from fastapi_forge.cli import steps
from fastapi_forge.cli.drafts import drafted
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output import text
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.outcomes import created, previewed
from fastapi_forge.output.report import Report
from fastapi_forge.template import command as command_line
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.tree import Tree
from fastapi_forge.verbs import creation
from fastapi_forge.verbs.env import ENV_NAME, first_env


def new(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Create a project."""
    began = time.perf_counter()
    draft = drafted(catalog, wanted, report)
    place, rendered = draft.place, draft.rendered
    plan = creation.plan_creation(rendered)
    todo = steps.after_new(
        catalog, place, rendered, came_by=wanted.directory, installed=wanted.install
    )
    if wanted.dry_run:
        return previewed(plan, report.look, draft.notes, todo, diff=wanted.diff)
    files = Tree({**plan.outcome, ENV_NAME: first_env(catalog, rendered.answers)})
    with report.phase("write"):
        notices = creation.create(place, files, with_git=not wanted.no_git)
    if wanted.install:
        steps.install(place.target, silent=report.is_silent)
    return created(
        plan,
        report.look,
        _closing(place, len(files), time.perf_counter() - (draft.confirmed or began)),
        project=place.target,
        command=command_line.equivalent(catalog, rendered.answers),
        notes=(*draft.notes, *notices),
        steps=todo,
        diff=wanted.diff,
    )


def _closing(place: creation.Place, files: int, took: float) -> str:
    where = "" if place.shown in (place.name, ".") else f" in {place.shown}"
    return f"Created {place.name}{where} ({text.count(files, 'file')}) in {took:.1f} s"
