"""Packages that a plan no longer declares, and the user's own code imports."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from fastapi_forge.plan import Plan
from fastapi_forge.project.declared import UNREADABLE, declared_anywhere
from fastapi_forge.project.imported import Mention, imports_in
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.tree import Tree
from fastapi_forge.verbs.dangling import Ends

_DECLARING = "pyproject.toml"


def with_undeclared(
    root: Path, base: Tree, target: Tree, plan: Plan, catalog: Catalog, *, inline: bool
) -> Plan:
    """The plan with a notice and a step for each distribution that goes and is still imported.

    The user's own files are read only where one goes.
    """
    going = {module: name for name in _going(plan) for module in catalog.modules_of(name)}
    if not going:
        return plan
    found: dict[str, dict[str, list[str]]] = {}
    for module, place in _imports(Ends(root, base, target, plan, inline), going):
        places = found.setdefault(going[module], {}).setdefault(module, [])
        places += [] if place in places else [place]
    told = [
        (name, module, ", ".join(places))
        for name, modules in sorted(found.items())
        for module, places in sorted(modules.items())
    ]
    return replace(
        plan,
        notices=(*plan.notices, *(_notice(*one) for one in told)),
        next_steps=(*plan.next_steps, *(_step(*one) for one in told)),
    )


def _going(plan: Plan) -> frozenset[str]:
    """The distributions that `pyproject.toml` declares now, and not once the plan is written."""
    for change in plan.changes:
        if change.path == _DECLARING and change.before and change.after:
            try:
                before, after = map(
                    declared_anywhere, (change.before.content, change.after.content)
                )
            except UNREADABLE:
                break
            return before - after
    return frozenset()


def _imports(ends: Ends, going: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each import of one of the modules, or of what is in one, in the user's code: `path:line`."""
    mention = Mention(going)
    for path, _, file in ends.yours():
        if mention.is_in(path, file.content):
            for one in imports_in(path, file.content):
                module = max(
                    (name for name in going if f"{one.whole}.".startswith(f"{name}.")),
                    key=len,
                    default="",
                )
                if module and not ends.modules.has(module, path):
                    yield module, f"{path}:{one.line}"


def _notice(name: str, module: str, places: str) -> str:
    return (
        f"`{name}` goes from `{_DECLARING}`, and code of your own imports `{module}` of it: "
        f"{places}"
    )


def _step(name: str, module: str, places: str) -> str:
    return f"take `{module}` out of {places}, or declare {name} in {_DECLARING} again"
