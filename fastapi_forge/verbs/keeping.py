"""What stays with a feature gone, since the user's own code needs it: modules, and packages."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from fastapi_forge.plan import Action, Change, Plan
from fastapi_forge.project.candidates import walk
from fastapi_forge.project.imported import Mention, imports_in, module_name
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.dangling import Ends

_PACKAGE = "__init__.py"


def keep_used(root: Path, base: Tree, target: Tree, plan: Plan, libraries: Collection[str]) -> Plan:
    """The plan without the deletion of what the user's own code imports from a library.

    `libraries` are folders of modules that know no feature, so that one works without it. What such
    a module imports of the libraries stays too. It is the user's from then on.
    """
    inside = tuple(f"{folder}/" for folder in libraries)
    going = {
        module_name(change.path): change
        for change in plan.changes
        if change.action is Action.DELETE and change.path.startswith(inside) and change.before
    }
    ends = Ends(root, base, target, plan, inline=True)
    used = dict(_used(going, ((path, after) for path, _, after in ends.yours()))) if going else {}
    while more := {
        name: by
        for name, by in _used(going, _sources(going[each] for each in used))
        if name not in used
    }:
        used |= more
    reasons = {going[name].path: f"`{by}` imports it" for name, by in sorted(used.items())}
    return _with_kept(plan, reasons)


def keep_packages(root: Path, plan: Plan) -> Plan:
    """The plan without the deletion of an empty `__init__.py` above a Python file that stays.

    A folder without one is no package to what walks over packages, as the search for models does.
    """
    going = {
        change.path.removesuffix(_PACKAGE): change.path
        for change in plan.changes
        if change.action is Action.DELETE and change.path.endswith(f"/{_PACKAGE}")
        if change.before and not change.before.content.strip()
    }
    reasons: dict[str, str] = {}
    for path in sorted(_staying(root, plan)) if going else ():
        for folder in (f"{parent}/" for parent in PurePosixPath(path).parents):
            if folder in going:
                reasons.setdefault(going[folder], f"`{path}` stays in its package")
    return _with_kept(plan, reasons)


def _staying(root: Path, plan: Plan) -> set[str]:
    """The Python files that there are once the plan is carried out."""
    after = {change.path: change.after is not None for change in plan.changes}
    there = {path for path, _ in walk(root) if after.get(path, True)}
    written = {path for path, stays in after.items() if stays}
    return {path for path in there | written if path.endswith(".py")}


def _with_kept(plan: Plan, reasons: Mapping[str, str]) -> Plan:
    """The plan with some files kept that it deletes, and a notice for each."""
    changes = tuple(_kept(each) if each.path in reasons else each for each in plan.changes)
    notices = (_notice(path, reason) for path, reason in reasons.items())
    return replace(plan, changes=changes, notices=(*plan.notices, *notices))


def _sources(changes: Iterable[Change]) -> Iterator[tuple[str, File]]:
    return ((change.path, change.before) for change in changes if change.before)


def _used(going: Collection[str], sources: Iterable[tuple[str, File]]) -> Iterator[tuple[str, str]]:
    """Each of the modules that is imported, with the path of a file that does it."""
    mention = Mention(going)
    for path, file in sources:
        if mention.is_in(path, file.content):
            for one in imports_in(path, file.content):
                yield from ((name, path) for name in (one.whole, one.module) if name in going)


def _kept(change: Change) -> Change:
    return replace(change, action=Action.KEEP, after=change.before)


def _notice(path: str, reason: str) -> str:
    return f"`{path}` is kept, and is yours alone from now on: {reason}"
