"""The commands that change a project: add, remove, update, undo, restore."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from fastapi_forge import git
from fastapi_forge.cli import prompts, said, steps
from fastapi_forge.cli.running import Run, begun
from fastapi_forge.cli.said import MissingAnswerError
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output import text
from fastapi_forge.output.data import notable_data, shown
from fastapi_forge.output.documents import TakenBack
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.outcomes import (
    carried_out,
    checked,
    is_something,
    nothing_to_do,
    previewed,
)
from fastapi_forge.output.report import Report
from fastapi_forge.plan import Plan
from fastapi_forge.project.foreignkeys import tables_declared
from fastapi_forge.template.answers import Choice
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.template.older import vanished
from fastapi_forge.template.releases import notable_since
from fastapi_forge.template.wishes import spelled, wish
from fastapi_forge.verbs import history, lifecycle
from fastapi_forge.verbs.history import Turn
from fastapi_forge.verbs.marks import refuse_unsettled


def _named(wanted: Wanted, example: str) -> tuple[str, ...]:
    if not wanted.features:
        raise MissingAnswerError("no `FEATURE` was named", example)
    return wanted.features


def add(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Add features, or change the kind of one."""
    texts = _named(wanted, "forge add graphql; forge features lists all")
    run = begun(catalog, wanted, report)
    choice = lifecycle.answers_to_add(run.catalog, run.project, texts, run.said)
    wished = [spelled(run.catalog, one) for one in texts]
    if lifecycle.is_unchanged(run.catalog, run.project, choice):
        return _as_it_is(run, (f"{one} is already on" for one in wished))
    return _change(run, choice, f"Added {', '.join(wished)} to", text.also(choice.pulled))


def _as_it_is(run: Run, reasons: Iterable[str]) -> Outcome:
    return nothing_to_do(lifecycle.plan_nothing(run.project), "; ".join(reasons))


def remove(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Remove features."""
    texts = _named(wanted, "forge remove example; forge status lists what is on")
    run = begun(catalog, wanted, report)
    gone, needing = lifecycle.features_to_remove(
        run.catalog, run.project, texts, with_dependents=wanted.with_dependents
    )
    if not gone:
        named = [wish(run.catalog, one.partition("=")[0])[0].name for one in texts]
        return _as_it_is(run, (f"{name} is already off" for name in named))
    choice = lifecycle.answers_to_remove(run.catalog, run.project, gone)
    notes = [f"Also {feature.name}, which needs what goes" for feature in needing]
    return _change(run, choice, f"Removed {', '.join(f.name for f in gone)} from", notes)


def update(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Take this forge's template, or other answers."""
    run = begun(catalog, wanted, report)
    choice = lifecycle.answers_to_update(run.catalog, run.project, run.said)
    gone = vanished(run.catalog, run.project.answers)
    notes = [f"{name} is no longer part of the template: it goes" for name in gone]
    notes += text.also(choice.pulled)
    return _with_deployment(run, _change(run, choice, "Updated", notes))


def _with_deployment(run: Run, outcome: Outcome) -> Outcome:
    """The outcome with what an operator will notice of the newer template."""
    project = run.project
    notable = notable_since(run.catalog, project.lock.forge_version, project.answers)
    return replace(
        outcome,
        data={**outcome.data, "before_you_deploy": [notable_data(one) for one in notable]},
        notes=(*outcome.notes, *text.before_you_deploy(notable, run.report.look)),
    )


def _completed(run: Run, choice: Choice) -> Choice:
    """With the answers to questions that the template has no default for: asked, or refused."""
    answers = choice.answers
    while (question := next(said.unanswered(run.catalog, answers), None)) is not None:
        if not prompts.may_ask(no_input=run.wanted.silent):
            raise said.required_answer(question, "forge update")
        answers = prompts.ask_one(run.catalog, question, answers, run.report.note)
    return replace(choice, answers=answers)


def _change(run: Run, choice: Choice, done: str, notes: Iterable[str]) -> Outcome:
    """Plan the choice, then show the plan or carry it out."""
    refuse_unsettled(run.project)
    wanted, look = run.wanted, run.report.look
    turn, plan = planned(run, _completed(run, choice))
    if wanted.check:
        return checked(plan, look, notes, diff=wanted.diff)
    if wanted.dry_run or (plan.conflicts and not wanted.inline):
        may_be_written = is_something(plan) and (wanted.inline or not plan.conflicts)
        steps_then = _steps_left(run, turn, plan) if may_be_written else ()
        return previewed(plan, look, notes, steps_then, diff=wanted.diff)
    if not is_something(plan):
        return nothing_to_do(plan, f"{run.name} is up to date")
    carry_out(run, plan)
    closing = f"{done} {run.name} ({text.count(len(shown(plan)), 'file')}) {run.took}"
    steps_left = _steps_left(run, turn, plan)
    return carried_out(plan, look, closing, notes, steps_left, diff=wanted.diff)


def planned(run: Run, choice: Choice) -> tuple[Turn, Plan]:
    """What a choice without open questions comes to; nothing is asked, said or written.

    Where models of what goes stay as the user's own, their tables stay too.
    """
    turn, plan = _planned(run, choice)
    if not run.wanted.inline:
        return turn, plan
    staying = tables_declared(plan.outcome.without(turn.rendered.tree))
    return _planned(run, choice, staying) if staying else (turn, plan)


def _planned(run: Run, choice: Choice, staying: Collection[str] = ()) -> tuple[Turn, Plan]:
    turn = history.turn(
        run.project,
        run.catalog,
        choice,
        run.render,
        keep_data=run.wanted.keep_data,
        no_data=run.wanted.no_data,
        staying=staying,
    )
    with run.report.phase("merge"):
        plan = lifecycle.plan_change(
            run.catalog,
            run.project,
            turn.rendered,
            appended=turn.appended,
            kept=turn.kept,
            inline=run.wanted.inline,
            notices=turn.notices,
        )
    return turn, plan


def carry_out(run: Run, plan: Plan) -> None:
    """Write the plan, and install what it declares where that is wanted."""
    if git.is_dirty(run.project.root):
        run.report.note("The project has uncommitted changes; they are kept")
    with run.report.phase("write"):
        lifecycle.apply(run.project, plan)
    if run.wanted.install:
        steps.install(run.project.root, silent=run.report.is_silent)


def _steps_left(run: Run, turn: Turn, plan: Plan) -> Iterable[str]:
    todo = steps.after_change(
        run.catalog,
        run.project.root,
        run.project.answers,
        turn.rendered.answers,
        [change.path for change in shown(plan)],
        migrates=bool(turn.appended),
        first=(*turn.first, *plan.next_steps),
        by_hand=turn.steps,
        restyled=steps.is_restyled(run.project.root, turn.rendered),
        installed=run.wanted.install,
    )
    here = steps.at_places(todo, plan.moved)
    return steps.in_project(run.project.root, run.wanted.directory, here)


def undo(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Take the last run back."""
    run = begun(catalog, wanted, report)
    paths, gone = lifecycle.undo(run.project)
    closing = f"Took the last run back in {run.name} ({text.count(len(paths), 'file')}) {run.took}"
    notices, steps_left = text.revisions_gone(gone), tuple(steps.after_undo(gone))
    document: TakenBack = {
        "paths": list(paths),
        "next_steps": list(steps_left),
        "notices": list(notices),
        "written": True,
    }
    return Outcome(document, (closing,), notices, steps_left, tuple(paths))


def restore(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """Bring deleted generated files back as forge wrote them."""
    if not wanted.paths:
        raise MissingAnswerError("no `PATH` was named", "forge restore PATH; see forge diff")
    run = begun(catalog, wanted, report)
    plan = lifecycle.plan_to_restore(run.project, wanted.paths)
    if wanted.dry_run or plan.conflicts:
        return previewed(plan, report.look, (), diff=wanted.diff)
    if not plan.changes:
        return nothing_to_do(plan, f"{', '.join(wanted.paths)} is as forge wrote it")
    lifecycle.apply(run.project, plan)
    closing = f"Restored {text.count(len(plan.changes), 'file')} in {run.name} {run.took}"
    return carried_out(plan, report.look, closing, diff=wanted.diff)
