"""What `status`, `diff` and `check` find out: the project as it is against what forge wrote."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge import __version__
from fastapi_forge.errors import ForgeError, UsageError
from fastapi_forge.merging.modules import respelled
from fastapi_forge.merging.renames import find_renames
from fastapi_forge.project.declared import UNREADABLE, declared_to_run
from fastapi_forge.project.foreignkeys import keys_to_nothing
from fastapi_forge.project.imported import missing_imports, module_name, sources
from fastapi_forge.project.lock import LOCK_NAME, has_conflict_marks
from fastapi_forge.project.owntables import declared_twice
from fastapi_forge.project.revisions import MERGE_HEADS, Migrations
from fastapi_forge.template.catalog import Catalog, Feature
from fastapi_forge.template.migrations import revision_templates, without_revisions
from fastapi_forge.template.older import carried_over
from fastapi_forge.template.render import render
from fastapi_forge.template.wishes import UnknownNameError
from fastapi_forge.tree import File
from fastapi_forge.verbs.lifecycle import Project, below_root
from fastapi_forge.verbs.marks import Mark, unsettled


class CheckFailedError(ForgeError):
    """`forge check` found something that isn't as the answers say."""

    code = "check-failed"


@dataclass(frozen=True, slots=True)
class Edit:
    """A generated file that the user changed.

    `place` is where it is now; `now` is None where it was deleted, or where something else is in
    its place: `instead` says what, in words.
    """

    path: str
    written: File
    now: File | None
    place: str
    instead: str = ""

    @property
    def is_moved(self) -> bool:
        return self.place != self.path

    @property
    def is_deleted(self) -> bool:
        return self.now is None and not self.instead


@dataclass(frozen=True, slots=True)
class State:
    """A project at a glance.

    `moved` are pairs of old and new path; `pending` are the generated files that the installed
    template has otherwise, where the project's version is another one; `broken` is what modules
    need and there is no longer, and what they declare twice; `branches_met` says that git left a
    merge of `forge.lock` to the next update.
    """

    name: str
    root: Path
    version: str
    installed: str
    on: tuple[str, ...]
    available: tuple[str, ...]
    edited: tuple[str, ...]
    deleted: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    pending: tuple[str, ...]
    marks: tuple[Mark, ...]
    broken: tuple[str, ...]
    branches_met: bool
    heads: tuple[str, ...]


def state_of(project: Project, catalog: Catalog) -> State:
    edits = list(edits_of(project))
    on = catalog.on(project.answers)
    return State(
        name=str(project.answers.get("project_name", project.root.name)),
        root=project.root,
        version=project.lock.forge_version,
        installed=__version__,
        on=tuple(catalog.spelled(feature, project.answers) for feature in on),
        available=tuple(f.name for f in catalog.features.values() if f not in on),
        edited=tuple(edit.path for edit in edits if not (edit.is_moved or edit.is_deleted)),
        deleted=tuple(edit.path for edit in edits if edit.is_deleted),
        moved=tuple((edit.path, edit.place) for edit in edits if edit.is_moved),
        pending=tuple(_pending(project, catalog)),
        marks=unsettled(project),
        broken=tuple(broken(project, catalog, edits)),
        branches_met=has_conflict_marks(project.lock_bytes),
        heads=Migrations.of(project.root).heads,
    )


def edits_of(project: Project, paths: Iterable[str] = ()) -> Iterator[Edit]:
    """The generated files that are no longer as forge wrote them, those below `paths` alone.

    A change of line endings alone is none: git makes it. Raises UnknownNameError for a path at
    which there is no generated file.
    """
    chosen = [below_root(project, path) for path in paths]
    base = project.lock.tree
    for given, path in zip(paths, chosen, strict=True):
        if path != "." and not any(_is_below(one, path) for one in base):
            raise UnknownNameError(
                "generated file", given, base, "forge diff names all that changed"
            )
    yours = project.workspace.read(base, base, find_moved=True)
    renames = find_renames(base, yours.tree, base)
    for path, written in respelled(base, renames).items():
        if chosen and not any(_is_below(path, one) for one in chosen):
            continue
        place = renames.get(path, path)
        edit = Edit(path, written, yours.tree.get(place), place, yours.obstacles.get(path, ""))
        as_written = (written, base[path])
        if edit.now is None or edit.is_moved or all(_differ(one, edit.now) for one in as_written):
            yield edit


def _pending(project: Project, catalog: Catalog) -> Iterator[str]:
    """The generated files that an update would change; none where the versions are the same."""
    if project.lock.forge_version == __version__:
        return
    try:
        target = render(catalog, carried_over(catalog, project.answers)).tree
    except UsageError:
        return
    base, wanted = project.lock.tree, without_revisions(target)
    yield from (path for path in sorted({*base, *wanted}) if base.get(path) != wanted.get(path))


def _is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def _differ(written: File, now: File) -> bool:
    same_text = written.content == now.content.replace(b"\r\n", b"\n")
    return not (same_text or written.content == now.content)


def problems(project: Project, catalog: Catalog) -> list[str]:
    """What isn't as the answers say, each in a line; nothing when all is well."""
    edits = list(edits_of(project))
    found = [f"conflict mark left in {mark}" for mark in unsettled(project)]
    if has_conflict_marks(project.lock_bytes):
        found.append(f"two branches met in {LOCK_NAME}: forge update")
    found += [
        f"dependency {name} is not declared in pyproject.toml" for name in _undeclared(project)
    ]
    gone = {edit.path for edit in edits if edit.is_deleted}
    for feature in catalog.on(project.answers):
        files = set(_files_of(feature, catalog)) & set(project.lock.tree)
        if files and files <= gone:
            found.append(
                f"{feature.name} is on, but its files are gone: forge remove {feature.name}"
            )
    found += broken(project, catalog, edits)
    several = Migrations.of(project.root).heads
    if len(several) > 1:
        found.append(f"several migration heads: {', '.join(several)}; uv run {MERGE_HEADS}")
    return found


def broken(project: Project, catalog: Catalog, edits: Iterable[Edit]) -> list[str]:
    """What modules of the project need and there is no longer, and models of one table.

    Each is a line with its place.
    """
    files = [*sources(project.root)]
    packages = _packages(project, edits)
    shipped = {
        table for revision in revision_templates(catalog).values() for table in revision.tables
    }
    return [
        *map(str, missing_imports(project.root, packages, files)),
        *keys_to_nothing(shipped, files),
        *declared_twice(packages, files),
    ]


def _packages(project: Project, edits: Iterable[Edit]) -> set[str]:
    """The packages at the root that generated modules lie in, or were moved to."""
    paths = (*project.lock.tree, *(edit.place for edit in edits))
    names = (module_name(path) for path in paths)
    return {name.partition(".")[0] for name in names if "." in name}


def _undeclared(project: Project) -> list[str]:
    """Distributions that forge declared and the project no longer does."""
    path = "pyproject.toml"
    written, now = project.lock.tree.get(path), project.workspace.read_file(path)
    if written is None or now is None:
        return []
    try:
        wanted, declared = map(declared_to_run, (written.content, now.content))
    except UNREADABLE:
        return []
    return sorted(wanted - declared)


def _files_of(feature: Feature, catalog: Catalog) -> Iterator[str]:
    """The paths at which a feature's own room puts files, rooms in it aside."""
    room = catalog.root / "project" / f"{{{{{feature.name}}}}}"
    for path in room.rglob("*"):
        parts = path.relative_to(room).parts
        if path.is_file() and "_parts" not in parts and not any("{{" in part for part in parts):
            yield Path(*parts).as_posix().removesuffix(".jinja")
