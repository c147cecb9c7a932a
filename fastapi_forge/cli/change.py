"""The commands that change a project: add, remove, update, undo, restore."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fastapi_forge import git
from fastapi_forge.cli import prompts, said, steps
from fastapi_forge.cli.new import pulled_notes, rendered_for
from fastapi_forge.cli.said import MissingAnswerError, Values
from fastapi_forge.cli.views import opened
from fastapi_forge.errors import UsageError
from fastapi_forge.output import text
from fastapi_forge.output.data import shown
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.outcomes import (
    carried_out,
    checked,
    is_something,
    nothing_to_do,
    previewed,
)
from fastapi_forge.output.report import Report
from fastapi_forge.template.answers import Choice, vanished, wish
from fastapi_forge.template.catalog import Catalog, load_catalog
from fastapi_forge.template.migrations import Addition
from fastapi_forge.template.releases import notable_since
from fastapi_forge.template.render import Rendered
from fastapi_forge.verbs import history, lifecycle
from fastapi_forge.verbs.lifecycle import Project
from fastapi_forge.verbs.marks import refuse_unsettled


@dataclass(frozen=True, slots=True)
class Run:
    """One call of a verb: the project, the catalogue, what was said, and when it began."""

    project: Project
    catalog: Catalog
    values: Values
    report: Report
    began: float = field(default_factory=time.perf_counter)

    @property
    def took(self) -> str:
        return f"in {time.perf_counter() - self.began:.1f} s"

    @property
    def diff(self) -> bool:
        return bool(self.values.get("diff"))

    @property
    def inline(self) -> bool:
        """Whether conflicts are to be written as marks."""
        how = self.values.get("conflicts", "refuse")
        if how not in ("refuse", "inline"):
            raise UsageError(f"`--conflicts {how}` is no way to treat them", "refuse or inline")
        return bool(how == "inline")

    def render(self, choice: Choice, addition: Addition | None) -> Rendered:
        """The template's files for these answers, a revision to append among them."""
        facts = {"migration": addition.as_fact()} if addition else {}
        return rendered_for(self.catalog, choice, self.report, **facts)


def _run(values: Values, report: Report) -> Run:
    began = time.perf_counter()
    catalog = load_catalog()
    return Run(opened(report, catalog).in_words_of(catalog), catalog, values, report, began)


def _named(values: Values, example: str) -> Sequence[str]:
    texts: Sequence[str] = values.get("features") or ()
    if not texts:
        raise MissingAnswerError("no `FEATURE` was named", example)
    return texts


def add(values: Values, report: Report) -> Outcome:
    """Add features, or change the kind of one."""
    texts = _named(values, "forge add graphql; forge features lists all")
    run = _run(values, report)
    answers = said.flag_answers(run.catalog, values)
    choice = lifecycle.answers_to_add(run.catalog, run.project, texts, answers)
    if lifecycle.is_unchanged(run.catalog, run.project, choice):
        return nothing_to_do("; ".join(f"{one} is already on" for one in texts))
    return _change(run, choice, f"Added {', '.join(texts)} to", pulled_notes(choice.pulled))


def remove(values: Values, report: Report) -> Outcome:
    """Remove features."""
    texts = _named(values, "forge remove example; forge status lists what is on")
    run = _run(values, report)
    gone, needing = lifecycle.features_to_remove(
        run.catalog, run.project, texts, with_dependents=bool(values.get("with_dependents"))
    )
    if not gone:
        named = [wish(run.catalog, one.partition("=")[0])[0].name for one in texts]
        return nothing_to_do("; ".join(f"{name} is already off" for name in named))
    choice = lifecycle.answers_to_remove(run.catalog, run.project, gone)
    notes = [f"Also {feature.name}, which needs what goes" for feature in needing]
    return _change(run, choice, f"Removed {', '.join(f.name for f in gone)} from", notes)


def update(values: Values, report: Report) -> Outcome:
    """Take this forge's template, or other answers."""
    run = _run(values, report)
    answers = said.flag_answers(run.catalog, values)
    choice = lifecycle.answers_to_update(run.catalog, run.project, answers)
    gone = vanished(run.catalog, run.project.answers)
    notes = [f"{name} is no longer part of the template: it goes" for name in gone]
    notes += pulled_notes(choice.pulled)
    return _with_deployment(run, _change(run, choice, "Updated", notes))


def _with_deployment(run: Run, outcome: Outcome) -> Outcome:
    """The outcome with what an operator will notice of the newer template."""
    project = run.project
    notable = notable_since(run.catalog, project.lock.forge_version, project.answers)
    return replace(
        outcome,
        data={**outcome.data, "before_you_deploy": [change.as_data() for change in notable]},
        notes=(*outcome.notes, *text.before_you_deploy(notable, run.report.look)),
    )


def _completed(run: Run, choice: Choice) -> Choice:
    """With the answers to questions that the template has no default for: asked, or refused."""
    answers = choice.answers
    silent = any(run.values.get(flag) for flag in ("no_input", "json", "yes"))
    while (question := next(said.unanswered(run.catalog, answers), None)) is not None:
        if not prompts.may_ask(no_input=silent):
            raise said.required_answer(question, "forge update")
        answers = prompts.ask_one(run.catalog, question, answers, run.report.note)
    return replace(choice, answers=answers)


def _change(run: Run, choice: Choice, done: str, notes: Iterable[str]) -> Outcome:
    """Render, merge, and show or apply the plan."""
    inline = run.inline
    refuse_unsettled(run.project)
    choice = _completed(run, choice)
    turned = history.turn(
        run.project,
        run.catalog,
        choice,
        run.render,
        keep_data=bool(run.values.get("keep_data")),
        no_data=bool(run.values.get("no_data")),
    )
    rendered = turned.rendered
    with run.report.phase("merge"):
        plan = lifecycle.plan_change(
            run.catalog,
            run.project,
            rendered,
            appended=turned.appended,
            kept=turned.kept,
            inline=inline,
            notices=turned.notices,
        )
    if run.values.get("check"):
        return checked(plan, run.report.look, notes, diff=run.diff)
    if run.values.get("dry_run") or (plan.conflicts and not inline):
        return previewed(plan, run.report.look, notes, diff=run.diff)
    if not is_something(plan):
        return nothing_to_do(f"{run.project.root.name} is up to date")
    if git.is_dirty(run.project.root):
        run.report.note("The project has uncommitted changes; they are kept")
    with run.report.phase("write"):
        lifecycle.apply(run.project, plan)
    installed = bool(run.values.get("install"))
    if installed:
        steps.install(run.project.root, silent=run.report.is_silent)
    files = shown(plan)
    next_steps = steps.after_change(
        run.catalog,
        run.project.answers,
        rendered.answers,
        (change.path for change in files),
        by_hand=turned.steps,
        installed=installed,
    )
    closing = f"{done} {run.project.root.name} ({text.count(len(files), 'file')}) {run.took}"
    return carried_out(plan, run.report.look, closing, notes, next_steps, diff=run.diff)


def undo(values: Values, report: Report) -> Outcome:
    """Take the last run back."""
    run = _run(values, report)
    paths = lifecycle.undo(run.project)
    number = text.count(len(paths), "file")
    closing = f"Took the last run back in {run.project.root.name} ({number}) {run.took}"
    return Outcome({"paths": list(paths), "written": True}, (closing,), detail=tuple(paths))


def restore(values: Values, report: Report) -> Outcome:
    """Bring deleted generated files back as forge wrote them."""
    paths = values.get("paths")
    if not paths:
        raise MissingAnswerError("no `PATH` was named", "forge restore PATH; see forge diff")
    run = _run(values, report)
    plan = lifecycle.plan_to_restore(run.project, paths)
    if values.get("dry_run") or plan.conflicts:
        return previewed(plan, report.look, (), diff=run.diff)
    if not plan.changes:
        return nothing_to_do(f"{', '.join(paths)} is as forge wrote it")
    lifecycle.apply(run.project, plan)
    number = text.count(len(plan.changes), "file")
    closing = f"Restored {number} in {run.project.root.name} {run.took}"
    return carried_out(plan, report.look, closing, diff=run.diff)
