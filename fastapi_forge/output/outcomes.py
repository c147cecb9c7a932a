"""What a plan comes to: shown beforehand, or carried out."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from fastapi_forge.errors import ForgeError
from fastapi_forge.output import data, text
from fastapi_forge.output.documents import Created
from fastapi_forge.output.look import Look
from fastapi_forge.output.outcome import Outcome, Status
from fastapi_forge.plan import Conflict, Left, Plan


class ConflictsError(ForgeError):
    """The user and forge changed the same places."""

    code = "conflicts"
    exit_code = 3


def previewed(
    plan: Plan,
    look: Look,
    notes: Iterable[str],
    steps: Iterable[str] = (),
    *,
    diff: bool = False,
) -> Outcome:
    """The plan as it would be carried out, and the steps after that; nothing is written."""
    shown = data.shown(plan)
    notices, steps = (*notes, *plan.notices), tuple(steps)
    lines = _lines(plan, look, diff)
    lines += text.conflicts(plan.conflicts, look)
    lines.append(text.totals(shown))
    document = data.plan_data(plan, written=False, steps=steps, notices=notices, diff=diff)
    return _with_conflicts(plan, Outcome(document, tuple(lines), notices, steps), _refusal(plan))


def checked(plan: Plan, look: Look, notes: Iterable[str], *, diff: bool = False) -> Outcome:
    """The same for `--check`: exit 1 where there is something to do."""
    outcome = previewed(plan, look, notes, diff=diff)
    if outcome.exit_code == 0 and is_something(plan):
        return replace(outcome, exit_code=1)
    return outcome


def carried_out(
    plan: Plan,
    look: Look,
    closing: str,
    notes: Iterable[str] = (),
    steps: Iterable[str] = (),
    *,
    diff: bool = False,
) -> Outcome:
    """A plan that was applied, its conflicts marked in the files or left otherwise."""
    notices, steps = (*notes, *plan.notices, *text.left(plan.conflicts)), tuple(steps)
    lines = (*_lines(plan, look, diff), closing)
    document = data.plan_data(plan, written=True, steps=steps, notices=notices, diff=diff)
    return _with_conflicts(plan, Outcome(document, lines, notices, steps), _left(plan))


def created(
    plan: Plan,
    look: Look,
    closing: str,
    *,
    project: Path,
    command: str,
    notes: Iterable[str],
    steps: Iterable[str],
    diff: bool,
) -> Outcome:
    """A project that was made of a plan, and the command line that makes it again."""
    notices, steps = tuple(notes), tuple(steps)
    planned = data.plan_data(plan, written=True, steps=steps, notices=notices, diff=diff)
    document: Created = {**planned, "project": str(project), "command": command}
    lines = (*text.hunks(plan.changes), closing) if diff else (closing,)
    return Outcome(document, lines, notices, steps, tuple(text.changes(plan.changes, look)))


def nothing_to_do(plan: Plan, words: str) -> Outcome:
    """There was no need to do anything: the plan changes nothing."""
    line = f"{words}; nothing to do"
    return Outcome(data.plan_data(plan, written=False, notices=(line,)), (line,))


def is_something(plan: Plan) -> bool:
    """Whether carrying the plan out would change any file."""
    return any(change.before != change.after for change in plan.changes)


def _lines(plan: Plan, look: Look, diff: bool) -> list[str]:
    shown = data.shown(plan)
    return text.changes(shown, look) + (["", *text.hunks(shown), ""] if diff else [])


def _with_conflicts(plan: Plan, outcome: Outcome, problem: ForgeError) -> Outcome:
    if not plan.conflicts:
        return outcome
    return replace(outcome, status=Status.CONFLICTS, exit_code=problem.exit_code, problem=problem)


def _refusal(plan: Plan) -> ConflictsError:
    return ConflictsError(
        f"{_counted(plan)} in {_places(plan.conflicts)}; nothing was written",
        "settle them and run again, or let forge write marks: --conflicts=inline",
    )


_ENDS = {
    Left.MARKED: ("marked in", "settle each between the marks <<<<<<< and >>>>>>>"),
    Left.KEPT: ("kept as yours in", ""),
    Left.MEND: ("left for you to mend in", "mend what forge check names"),
}


def _left(plan: Plan) -> ConflictsError:
    """How many conflicts were left how, and what to do about them."""
    ends = {end: [one for one in plan.conflicts if one.left is end] for end in Left}
    told = [
        (len(found), f"{_ENDS[end][0]} {_places(found)}") for end, found in ends.items() if found
    ]
    named = ", ".join(f"{number} {words}" for number, words in told)
    if len(told) == 1:
        named = told[0][1]
    advice = [_ENDS[end][1] for end, found in ends.items() if found and _ENDS[end][1]]
    return ConflictsError(
        f"{_counted(plan)}{':' if len(told) > 1 else ''} {named}",
        "; or ".join([*filter(None, [", ".join(advice)]), "take it all back: forge undo"]),
    )


def _counted(plan: Plan) -> str:
    return text.count(len(plan.conflicts), "conflict")


def _places(conflicts: Iterable[Conflict]) -> str:
    return ", ".join(dict.fromkeys(f"`{conflict.path}`" for conflict in conflicts))
