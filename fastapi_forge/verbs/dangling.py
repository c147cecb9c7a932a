"""What a plan would leave pointing to nothing: imports of modules, and keys to tables, that go."""

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi_forge.merging.tables import tables_in
from fastapi_forge.plan import Action, Change, Conflict, Left, Plan
from fastapi_forge.project.foreignkeys import keys_to, tables_declared
from fastapi_forge.project.imported import (
    Import,
    Mention,
    Modules,
    imports_in,
    module_name,
    names_lost,
    names_of,
    sources,
)
from fastapi_forge.project.owntables import models_in
from fastapi_forge.tree import File, Tree

Owner = Callable[[str], str]
"""The feature that a generated file belongs to, by its path; empty for the base."""

_DROP_KEY = "take the key out, and drop it in a revision before the one that drops the table"
_RENAME = "give yours another name"
_ONE_MODEL = "keep one of the two models, with what the other has besides"
_WRITTEN = (Action.CREATE, Action.CHANGE, Action.MERGE)


@dataclass(frozen=True, slots=True)
class Dangling:
    """A place that points to what won't be there; `line` counts from 1 in `yours`.

    `afterwards` is what to do once all is written, where that is something else than the remedy.
    """

    path: str
    yours: File | None
    line: int | None
    reason: str
    remedy: str
    afterwards: str = ""

    def conflict(self, *, inline: bool) -> Conflict:
        then = self.afterwards or "do it afterwards"
        advice = f"{self.remedy}; or run again with --conflicts=inline, and {then}"
        lines = self.yours.content.decode("utf-8", "replace").splitlines() if self.yours else []
        return Conflict(
            self.path,
            self.line,
            f"it {self.reason}",
            (self.afterwards or self.remedy) if inline else advice,
            yours=lines[self.line - 1] if self.line else None,
            left=Left.MEND if inline else None,
        )


def with_dangling(plan: Plan, found: Collection[Dangling], *, inline: bool) -> Plan:
    """The plan with a conflict for each; with `inline` the files change all the same."""
    changes = {change.path: change for change in plan.changes}
    outcome = dict(plan.outcome)
    conflicts = [*plan.conflicts, *(one.conflict(inline=inline) for one in found)]
    for one in found:
        after = one.yours
        if inline and one.path in changes:
            after = changes[one.path].after
        changes[one.path] = Change(one.path, Action.CONFLICT, one.yours, after)
        if one.path in outcome and not inline:
            del outcome[one.path]
            outcome |= {one.path: one.yours} if one.yours else {}
    return replace(
        plan,
        changes=tuple(changes[path] for path in sorted(changes)),
        outcome=Tree(outcome),
        conflicts=tuple(sorted(conflicts, key=lambda one: (one.path, one.line or 0))),
    )


def find_dangling(
    root: Path, base: Tree, target: Tree, plan: Plan, owner: Owner, *, inline: bool
) -> list[Dangling]:
    """What the user's modules need of what goes, and new ones of what the user deleted or moved.

    The user's own files are read only where modules, names of modules, or tables go. What is in
    conflict already is left out, unless it is to be written all the same.
    """
    ends = Ends(root, base, target, plan, inline)
    return [
        *ends.in_yours(),
        *ends.in_written(owner),
        *ends.names_in_written(),
        *ends.declared_twice(),
    ]


class Ends:
    """The imports in a project as a plan leaves it, and the modules that there will be."""

    def __init__(self, root: Path, base: Tree, target: Tree, plan: Plan, inline: bool) -> None:
        self.root, self.base, self.target, self.plan = root, base, target, plan
        self.aside = {c.path for c in plan.changes if c.action is Action.CONFLICT and not inline}
        deleted = [c.path for c in plan.changes if c.before is not None and c.after is None]
        self.modules = Modules(root, plan.outcome, deleted)
        self.gone = {
            name: path
            for path in base
            for place in {path, plan.moved.get(path, path)}
            if place not in plan.outcome
            if (name := module_name(place)) and not self.modules.has(name)
        }

    def in_yours(self) -> Iterator[Dangling]:
        """Imports and keys to what forge drops, in the user's own files and in edited ones."""
        going = {name for name, path in self.gone.items() if path not in self.target}
        going |= {name for change in self.plan.changes for name in _names_lost(change)}
        tables = tables_declared(self.base) - tables_declared(self.target)
        tables -= tables_declared(self.plan.outcome)
        mention = Mention(going)
        for path, before, after in self.yours() if going or tables else ():
            if mention.is_in(path, after.content):
                yield from self._imports(path, before, after, going)
            left = {table for _, table in keys_to(tables, after.content)}
            for line, table in keys_to(left, before.content):
                reason = f"has a foreign key to `{table}`, a table that goes"
                yield Dangling(path, before, line, reason, _DROP_KEY)

    def _imports(
        self, path: str, before: File, after: File, going: Collection[str]
    ) -> Iterator[Dangling]:
        left = {one.whole for one in imports_in(path, after.content)}
        imports = (one for one in imports_in(path, before.content) if one.whole in left)
        for line, names in self._among(going, imports, path).items():
            reason = f"imports {_listed(names)}, which {'goes' if len(names) == 1 else 'go'}"
            yield Dangling(path, before, line, reason, "take the import out")

    def yours(self) -> Iterator[tuple[str, File, File]]:
        """Each Python file that is not as forge makes it: as it is, and as it will be."""
        before = {change.path: change.before for change in self.plan.changes}
        for path, file in self.plan.outcome.items():
            made = self.target.get(path)
            is_forges = made is not None and made.content == file.content
            if path.endswith(".py") and not is_forges and path not in self.aside:
                yield path, before.get(path) or file, file
        others = {*self.base, *self.target, *self.plan.outcome, *before}
        for path, source in sources(self.root, others):
            yield path, File(source), File(source)

    def in_written(self, owner: Owner) -> Iterator[Dangling]:
        """Imports of modules that the user deleted or moved, in what forge writes anew."""
        missing = {name: path for name, path in self.gone.items() if path in self.target}
        mention = Mention(missing)
        for path, before, imports in self._written(mention) if missing else ():
            found = self._among(missing, imports, path).values()
            names = sorted({name for names in found for name in names})
            moved = {name: to for name in names if (to := self.plan.moved.get(missing[name]))}
            for name, to in moved.items():
                reason = f"imports `{name}`, which you moved to `{to}`"
                yield Dangling(path, before, None, reason, "move it back", "import it from there")
            if deleted := [name for name in names if name not in moved]:
                reason = f"imports {_listed(deleted)}, which you deleted"
                remedy = way_back([missing[name] for name in deleted], owner)
                yield Dangling(path, before, None, reason, remedy)

    def names_in_written(self) -> Iterator[Dangling]:
        """Imports, in what forge writes anew, of names that the user took out of their modules."""
        lost = self._names_taken_out()
        mention = Mention({module for module, _ in lost})
        for path, before, imports in self._written(mention) if lost else ():
            for one in imports:
                if (one.module, one.name) in lost:
                    yield self._name_missing(path, before, one)

    def _written(self, mention: Mention) -> Iterator[tuple[str, File | None, list[Import]]]:
        """Files that forge writes with a mention, as they were, and the imports new in them."""
        for change in self.plan.changes:
            path, before, after = change.path, change.before, change.after
            if after and change.action in _WRITTEN and mention.is_in(path, after.content):
                had = {one.whole for one in imports_in(path, before.content)} if before else set()
                new = [one for one in imports_in(path, after.content) if one.whole not in had]
                yield path, before, new

    def _names_taken_out(self) -> set[tuple[str, str]]:
        """Each module with a name that forge's version has, and the user's has not."""
        in_conflict = {c.path for c in self.plan.changes if c.action is Action.CONFLICT}
        found = set()
        for path, made in self.target.items():
            place = self.plan.moved.get(path, path)
            there = self.plan.outcome.get(place)
            module = module_name(place)
            if module and there and place not in in_conflict and there.content != made.content:
                lost = names_lost(made.content, there.content)
                found |= {(module, n) for n in lost if not self.modules.has(f"{module}.{n}")}
        return found

    def declared_twice(self) -> Iterator[Dangling]:
        """Models of the user's for tables that forge declares anew, or at another place."""
        homes = {table: path for path, table in _declared(self.target) - _declared(self.base)}
        yours = {path: before for path, before, _ in self.yours()} if homes else {}
        models = models_in((path, file.content) for path, file in yours.items())
        staying = _declared(self.plan.outcome)
        for path, line, table in models:
            home = self.plan.moved.get(homes.get(table, ""), homes.get(table, ""))
            stays = path not in self.plan.outcome or (path, table) in staying
            if stays and path != home and path.partition("/")[0] == home.partition("/")[0]:
                reason = f"declares the table `{table}`, which `{home}` of forge's declares"
                yield Dangling(path, yours[path], line, reason, _RENAME, _ONE_MODEL)

    def _name_missing(self, path: str, before: File | None, one: Import) -> Dangling:
        homes = sorted({home for home in self._homes(one.name) if home != one.module})
        reason = f"imports `{one.name}` from `{one.module}` (line {one.line}), which has it no more"
        remedy = f"bring `{one.name}` back there, under this name"
        afterwards = f"import it from `{homes[0]}`" if len(homes) == 1 else "mend the import"
        return Dangling(path, before, None, reason, remedy, afterwards)

    def _homes(self, name: str) -> Iterator[str]:
        """The modules in the user's own files, and in edited ones, that define a name."""
        for path, _, file in self.yours():
            if name.encode() in file.content and name in names_of(file.content):
                yield module_name(path)

    def _among(
        self, modules: Collection[str], imports: Iterable[Import], path: str
    ) -> dict[int, list[str]]:
        """Which of the modules a file imports, by its lines; but those that it finds elsewhere."""
        found: dict[int, list[str]] = {}
        for one in imports:
            name = next((name for name in (one.whole, one.module) if name in modules), "")
            if name and not self.modules.has(name, path):
                known = found.setdefault(one.line, [])
                known += [] if name in known else [name]
        return found


def _names_lost(change: Change) -> Iterator[str]:
    """The names that a module no longer has, each with the module's."""
    module = module_name(change.path)
    if module and change.before and change.after and change.before != change.after:
        for name in names_lost(change.before.content, change.after.content):
            yield f"{module}.{name}"


def _declared(tree: Tree) -> set[tuple[str, str]]:
    """The tables of models, each with the path of the file that declares it."""
    return {(path, table) for path, file in tree.items() for table in tables_in(file.content)}


def _listed(names: Sequence[str]) -> str:
    *others, last = [f"`{name}`" for name in names]
    return f"{', '.join(others)} and {last}" if others else last


def way_back(paths: Sequence[str], owner: Owner) -> str:
    """How to come to terms with generated files that the user deleted."""
    folders = {posixpath.dirname(path) for path in paths}
    places = [*folders] if len(paths) > 1 and len(folders) == 1 else paths
    back = f"bring back what is missing: `forge restore {' '.join(places)}`"
    features = sorted({name for path in paths if (name := owner(path))})
    return f"`forge remove {' '.join(features)}`, or {back}" if features else back
