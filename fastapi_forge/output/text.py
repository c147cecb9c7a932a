"""Results in words: each function turns one value into the lines a person reads."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fastapi_forge.output.look import Look
from fastapi_forge.plan import Action, Change, Conflict, Left
from fastapi_forge.project.lock import LOCK_NAME
from fastapi_forge.project.revisions import MERGE_HEADS, Revision
from fastapi_forge.template.answers import Pulled
from fastapi_forge.template.catalog import Catalog, Feature
from fastapi_forge.template.releases import Notable

if TYPE_CHECKING:
    from fastapi_forge.verbs.inspection import State

_COLOURS = {
    Action.CREATE: "green",
    Action.CHANGE: "yellow",
    Action.MERGE: "yellow",
    Action.DELETE: "red",
    Action.KEEP: "dim",
    Action.CONFLICT: "red",
}
_WIDTH = max(len(action) for action in Action)


def changes(planned: Iterable[Change], look: Look) -> list[str]:
    """One aligned status word a file."""
    return [
        f"{look.style(change.action.value.ljust(_WIDTH), _COLOURS[change.action])}  {change.path}"
        for change in planned
    ]


def totals(planned: Iterable[Change]) -> str:
    """`3 files: 2 create, 1 change`."""
    counts = Counter(change.action for change in planned)
    if not counts:
        return "Nothing to do"
    parts = [f"{counts[action]} {action.value}" for action in Action if counts[action]]
    return f"{count(counts.total(), 'file')}: {', '.join(parts)}"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def hunks(planned: Iterable[Change]) -> list[str]:
    """A unified diff of everything that changes, as `git apply` takes it."""
    return [line for change in planned for line in _hunks_of(change)]


def _hunks_of(change: Change) -> Iterator[str]:
    if change.path == LOCK_NAME:
        yield f"Binary files a/{LOCK_NAME} and b/{LOCK_NAME} differ"
        return
    before = change.before.content if change.before else b""
    after = change.after.content if change.after else b""
    if before == after:
        return
    created, deleted = change.before is None, change.after is None
    yield from unified(change.path, before, after, created=created, deleted=deleted)


def moved(old: str, new: str) -> list[str]:
    """That a file was moved, as git says it."""
    return [f"diff --git a/{old} b/{new}", f"rename from {old}", f"rename to {new}"]


def unified(
    path: str,
    before: bytes,
    after: bytes,
    *,
    created: bool = False,
    deleted: bool = False,
    place: str = "",
) -> list[str]:
    """The unified diff of one file; of a binary one only that it differs."""
    old = "/dev/null" if created else f"a/{path}"
    new = "/dev/null" if deleted else f"b/{place or path}"
    try:
        left, right = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        return [f"Binary files {old} and {new} differ"]
    if "\0" in left + right:
        return [f"Binary files {old} and {new} differ"]
    lines = []
    told = difflib.unified_diff(_lines(left), _lines(right), old, new)
    for line in told:
        if (line.startswith(("---", "+++", "@@")) and line.endswith("\n")) or line.endswith("\n"):
            lines.append(line[:-1])
        else:
            lines += [line, "\\ No newline at end of file"]
    return lines


def _lines(text: str) -> list[str]:
    """Lines as diff and git count them: ended by LF alone."""
    parts = text.split("\n")
    last = parts.pop()
    return [f"{part}\n" for part in parts] + ([last] if last else [])


def also(pulled: Iterable[Pulled]) -> tuple[str, ...]:
    """What came along because something else needs it."""
    return tuple(f"Also {one}" for one in pulled)


def revisions_gone(gone: Iterable[Revision]) -> tuple[str, ...]:
    """Which revisions an undo took away; nothing where it took none."""
    names = [one.id for one in gone]
    if not names:
        return ()
    whose = "its file" if len(names) == 1 else "their files"
    noun = "revision" if len(names) == 1 else "revisions"
    return (f"the {noun} {' and '.join(names)} went with {whose}",)


def conflicts(found: Iterable[Conflict], look: Look) -> list[str]:
    """Each conflict with its place, its reason, the three sides and what to do."""
    lines: list[str] = []
    for conflict in found:
        place = f"{conflict.path}:{conflict.line}" if conflict.line else conflict.path
        lines += ["", f"{look.style('conflict', 'red')}  {place}"]
        lines += look.wrap(conflict.reason, 2)
        sides = (("base", conflict.base), ("yours", conflict.yours), ("forge", conflict.target))
        for title, side in sides:
            if side is not None and conflict.line is not None:
                lines += [f"  {title}:", *(f"    {line}" for line in side.splitlines())]
        lines += look.wrap(conflict.advice, 2)
    return lines


def left(found: Iterable[Conflict]) -> Iterator[str]:
    """How conflicts without marks were left, each in a line."""
    words = {Left.KEPT: "kept as yours", Left.MEND: "left for you to mend"}
    for one in found:
        place = f"{one.path}:{one.line}" if one.line else one.path
        if one.left in words:
            yield f"`{place}` is {words[one.left]}: {one.reason}; {one.advice}"


def state(state: "State", look: Look) -> list[str]:
    """A project on one screen."""
    if state.version == state.installed:
        version = f"forge {state.version}, as installed"
    else:
        version = f"forge {state.version}; installed is {state.installed}: forge update"
        if state.pending:
            version += f" ({count(len(state.pending), 'file')} differ)"
    rows = [
        ("Template", version),
        ("Features", ", ".join(state.on) or "none"),
        ("Available", ", ".join(state.available) or "none"),
        ("You changed", _listed(state.edited)),
    ]
    if state.deleted:
        rows.append(("You deleted", _listed(state.deleted)))
    if state.moved:
        rows.append(("You moved", _listed(tuple(f"{old} to {new}" for old, new in state.moved))))
    marked = tuple(str(mark) for mark in state.marks)
    rows.append(("Conflicts left", _listed(marked)))
    if state.broken:
        rows.append(("To mend", _listed(state.broken, "forge check")))
    if state.branches_met:
        rows.append(("Two branches", f"met in {LOCK_NAME}: forge update"))
    if state.heads:
        several = f"; several: uv run {MERGE_HEADS}" if len(state.heads) > 1 else ""
        rows.append(("Migration head", ", ".join(state.heads) + several))
    return [look.heading(state.name), *look.table(rows)]


_LISTED = 8


def _listed(paths: tuple[str, ...], command: str = "forge diff") -> str:
    more = f", and {len(paths) - _LISTED} more ({command})" if len(paths) > _LISTED else ""
    return ", ".join(paths[:_LISTED]) + more if paths else "none"


def before_you_deploy(changes: Iterable[Notable], look: Look) -> list[str]:
    """What an operator will notice; nothing where there is nothing."""
    lines: list[str] = []
    for change in changes:
        told = f"{change.feature}: {change.notice}"
        if change.restore:
            told += f"; as before with {change.restore}"
        if change.gained:
            told += f"; keys gained: {', '.join(change.gained)}"
        if change.lost:
            told += f"; keys lost: {', '.join(change.lost)}"
        lines += look.wrap(told, 2)
    return ["", look.heading("Before you deploy"), *lines] if lines else []


def features(catalog: Catalog, look: Look) -> list[str]:
    """The catalogue, by group."""
    lines: list[str] = []
    for group in dict.fromkeys(feature.group for feature in catalog.features.values()):
        members = [f for f in catalog.features.values() if f.group == group]
        lines += ["" if lines else None, look.heading(group)]  # type: ignore[list-item]
        lines += look.table((f.name, _in_short(f)) for f in members)
    shown = [line for line in lines if line is not None]
    return [*shown, "", "forge features FEATURE shows one."]


def _in_short(feature: Feature) -> str:
    kinds = f" ({', '.join(feature.values)})" if feature.kinds else ""
    return f"{feature.description}{kinds}"


def feature(one: Feature, catalog: Catalog, look: Look) -> list[str]:
    """Everything about one feature."""
    lines = [f"{look.heading(one.name)}: {one.description}", ""]
    rows: list[tuple[str, str]] = []
    for kind in one.kinds:
        default = " (default)" if kind.value == one.default_kind else ""
        hint = f": {kind.hint}" if kind.hint else ""
        rows.append((f"kind {kind.value}", f"{kind.label}{hint}{default}"))
    rows += [(f"requires {name}", reason) for name, reason in one.requires.items()]
    for needed in one.requires_answers:
        spelled = f"{one.name}={needed.kind}" if needed.kind != "any" else one.name
        rows.append(
            (f"requires {needed.question}={needed.value}", f"for {spelled}: {needed.reason}")
        )
    rows += [(f"excludes {name}", reason) for name, reason in one.conflicts.items()]
    needing = [f.name for f in catalog.features.values() if one.name in f.requires]
    if needing:
        rows.append(("required by", ", ".join(needing)))
    if one.aliases:
        rows.append(("also called", ", ".join(one.aliases)))
    rows.append(("by default", "on" if one.default else "off"))
    rows += [(f"flag {q.flag}", q.title) for q in one.questions]
    if one.docs:
        rows.append(("docs", one.docs))
    return [*lines, *look.table(rows), "", look.heading("Example"), f"  {one.example}"]
