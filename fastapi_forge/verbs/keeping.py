"""Modules of a library that stay with a feature gone, since the user's own code uses them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fastapi_forge.plan import Action, Change, Plan
from fastapi_forge.project.imported import Mention, imports_in, module_name
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.dangling import Ends


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
    kept = {going[name].path for name in used}
    return replace(
        plan,
        changes=tuple(_kept(each) if each.path in kept else each for each in plan.changes),
        notices=(
            *plan.notices,
            *(_notice(going[name].path, by) for name, by in sorted(used.items())),
        ),
    )


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


def _notice(path: str, by: str) -> str:
    return f"`{path}` is kept, and is yours alone from now on: `{by}` imports it"
