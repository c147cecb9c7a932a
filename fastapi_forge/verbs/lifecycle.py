"""What the verbs do to a project that exists: read → answer → render → merge → plan → apply."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fastapi_forge import __version__, git, signals
from fastapi_forge.errors import UsageError
from fastapi_forge.merging.merge import ANSWERS_FILE, usual_eol
from fastapi_forge.merging.textmerge import with_eol
from fastapi_forge.plan import Action, Change, Plan
from fastapi_forge.project.finding import find_project
from fastapi_forge.project.holding import HOME
from fastapi_forge.project.kept import KeptChange
from fastapi_forge.project.lock import LOCK_NAME, MAX_LOCK, Lock, dumps, has_conflict_marks
from fastapi_forge.project.meeting import as_git_left, read_lock
from fastapi_forge.project.revisions import Migrations, Revision
from fastapi_forge.project.transaction import ChangedMeanwhile
from fastapi_forge.project.workspace import Workspace
from fastapi_forge.template.answers import Choice, dependents, resolve
from fastapi_forge.template.catalog import Answer, Answers, Catalog, Feature
from fastapi_forge.template.migrations import without_revisions
from fastapi_forge.template.older import carried_over, defaults_off, translated
from fastapi_forge.template.render import Rendered
from fastapi_forge.template.rooms import owner_of
from fastapi_forge.template.wishes import wish, wishes
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs import env
from fastapi_forge.verbs.dangling import find_dangling, way_back, with_dangling
from fastapi_forge.verbs.found import files_found
from fastapi_forge.verbs.keeping import keep_packages, keep_used
from fastapi_forge.verbs.planning import plan_merge, plan_restore
from fastapi_forge.verbs.recorded import check_answers, check_mixture
from fastapi_forge.verbs.undeclared import with_undeclared


class NoProjectError(UsageError):
    """There is no project here, nor in a directory above."""

    code = "no-project"

    def __init__(self, start: Path) -> None:
        super().__init__(
            f"`{start}` is in no project that forge made (no forge.lock here or above)",
            "create one with forge new NAME, or go to one: forge -C DIR status",
        )


class LockMissingError(UsageError):
    """A project of forge's without its `forge.lock`."""

    code = "lock-missing"

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"`{root}` has no `{LOCK_NAME}`, which says what forge generated last",
            f"bring it back from version control: git checkout -- {LOCK_NAME}",
        )


class NeededError(UsageError):
    """A feature can't go: others that stay need it."""

    code = "needed"

    def __init__(self, names: list[str], needing: list[str]) -> None:
        gone = " and ".join(f"`{name}`" for name in names)
        alone, together = " ".join(names), " ".join([*names, *needing])
        verb = "needs" if len(needing) == 1 else "need"
        super().__init__(
            f"{gone} can't go: {', '.join(needing)} {verb} it",
            f"forge remove {together}; or forge remove {alone} --with-dependents",
        )


@dataclass(frozen=True, slots=True)
class Project:
    """A project on disk: where it is, and what forge generated last."""

    workspace: Workspace
    lock: Lock
    lock_bytes: bytes
    recovered: str | None = None

    @property
    def root(self) -> Path:
        return self.workspace.root

    @property
    def answers(self) -> Answers:
        return self.lock.answers

    def in_words_of(self, catalog: Catalog) -> "Project":
        """The same project, its answers by the names that this catalogue has for them."""
        return replace(
            self, lock=replace(self.lock, answers=translated(catalog, self.lock.answers))
        )


def open_project(start: Path, catalog: Catalog) -> Project:
    """The project that `start` lies in, a killed run rolled back first.

    Raises NoProjectError, LockMissingError, and what reading a lock raises.
    """
    root = find_project(start)
    if root is None:
        without_lock = find_project(start, ANSWERS_FILE)
        raise LockMissingError(without_lock) if without_lock else NoProjectError(start)
    workspace = Workspace(root)
    recovered = workspace.recover()
    with (root / LOCK_NAME).open("rb") as file:
        lock_bytes = file.read(MAX_LOCK + 1)
    lock = read_lock(lock_bytes, catalog.lists, lambda: git.merge_base_of(root, LOCK_NAME))
    check_answers(catalog, lock.answers)
    if has_conflict_marks(lock_bytes):
        left = as_git_left(lock_bytes, git.blobs_met(root), workspace.read_file)
        lock = replace(lock, tree=Tree({**lock.tree, **left}))
    else:
        check_mixture(catalog, lock)
    return Project(workspace, lock, lock_bytes, recovered)


def answers_to_add(
    catalog: Catalog, project: Project, texts: Iterable[str], values: Answers
) -> Choice:
    """The project's answers with features (or their kinds) added."""
    said = {**wishes(catalog, texts), **values}
    return resolve(catalog, carried_over(catalog, project.answers, said), said)


def is_unchanged(catalog: Catalog, project: Project, choice: Choice) -> bool:
    """Whether the answers are those that the project has already."""
    had = {key: value for key, value in project.answers.items() if key in catalog.keys}
    return dict(choice.answers) == {**defaults_off(catalog), **had}


def features_to_remove(
    catalog: Catalog, project: Project, texts: Iterable[str], *, with_dependents: bool
) -> tuple[list[Feature], list[Feature]]:
    """The features that go, and those of them that were not named but need one that was.

    Raises NeededError where something that stays needs one of them.
    """
    asked = [wish(catalog, text.partition("=")[0])[0] for text in texts]
    current = carried_over(catalog, project.answers, [feature.kind_key for feature in asked])
    on = [feature for feature in asked if current.get(feature.key) is True]
    names = [feature.name for feature in on]
    needing = dependents(catalog, current, names)
    if needing and not with_dependents:
        raise NeededError(names, [feature.name for feature in needing])
    return [*on, *needing], list(needing)


def answers_to_remove(catalog: Catalog, project: Project, gone: Iterable[Feature]) -> Choice:
    gone = list(gone)
    current = carried_over(catalog, project.answers, [feature.kind_key for feature in gone])
    return resolve(catalog, current, {feature.key: False for feature in gone})


def answers_to_update(catalog: Catalog, project: Project, values: Mapping[str, Answer]) -> Choice:
    """The project's answers as this template's, with those that were said."""
    return resolve(catalog, {**carried_over(catalog, project.answers, values), **values}, values)


def plan_change(
    catalog: Catalog,
    project: Project,
    target: Rendered,
    *,
    appended: Tree | None = None,
    kept: KeptChange | None = None,
    inline: bool = False,
    notices: Iterable[str] = (),
) -> Plan:
    """The plan that takes the project to `target`, the user's edits kept.

    `appended` are revisions to add to the history, `kept` is what becomes of the list of kept
    tables. Raises ChangedMeanwhile where another run wrote `forge.lock` since it was read.
    """
    base, wanted = project.lock.tree, without_revisions(target.tree)
    read = project.workspace.read_file
    yours = project.workspace.read(base, wanted)
    lock_before = read(LOCK_NAME)
    found = files_found(project.lock, yours.tree, wanted)
    left = sorted(found - wanted.keys())
    base = base.without(left)
    owner = partial(owner_of, catalog=catalog, answers=target.answers)
    if lock_before is None or lock_before.content != project.lock_bytes:
        raise ChangedMeanwhile([LOCK_NAME])
    own_env = read(env.ENV_NAME)
    lacking = env.lacking_secrets(own_env, catalog, project.answers, target.answers)
    eol = usual_eol(base, yours.tree)
    appended = Tree((path, _with_eol(file, eol)) for path, file in (appended or {}).items())
    there = {path: file for path in appended if (file := read(path)) is not None}
    plan = plan_merge(
        base,
        Tree({**yours.tree.without(left), **there}),
        wanted,
        lock=dumps(Lock(target.answers, wanted, __version__, found), project.lock_bytes),
        lock_before=lock_before,
        appended=appended,
        obstacles=yours.obstacles,
        inline=inline,
        lists=catalog.lists,
        way_back=partial(way_back, owner=owner),
        notices=(
            *notices,
            *(f"`{path}` stays: you had it before" for path in left if path in yours.tree),
            *env.notices(base, wanted, lacking),
        ),
    )
    changes = [*plan.changes]
    if own_env is not None and lacking:
        changes.append(env.with_secrets(own_env, lacking))
    if kept is not None:
        changes.append(_kept_change(kept, eol))
    plan = replace(plan, changes=tuple(sorted(changes, key=lambda change: change.path)))
    plan = keep_used(project.root, base, wanted, plan, catalog.libraries)
    plan = keep_packages(project.root, plan)
    plan = with_undeclared(project.root, base, wanted, plan, catalog, inline=inline)
    dangling = find_dangling(project.root, base, wanted, plan, owner, inline=inline)
    return with_dangling(plan, dangling, inline=inline)


def plan_nothing(project: Project) -> Plan:
    """The plan that leaves the project as it is."""
    base = project.lock.tree
    lock = project.workspace.read_file(LOCK_NAME) or File(project.lock_bytes)
    return Plan((), Tree({**project.workspace.read(base, base).tree, LOCK_NAME: lock}))


def _kept_change(kept: KeptChange, eol: bytes) -> Change:
    if kept.after is None:
        return Change(kept.path, Action.DELETE, kept.before, None)
    action = Action.CHANGE if kept.before else Action.CREATE
    return Change(kept.path, action, kept.before, _with_eol(kept.after, eol))


def _with_eol(file: File, eol: bytes) -> File:
    return File(with_eol(file.content, eol), file.executable)


def apply(project: Project, plan: Plan) -> None:
    """Write the plan as one; an interruption from here on comes too late."""
    signals.hold()
    project.workspace.apply(plan.changes)


class UndoOfNewError(UsageError):
    """Nothing has run since the project was created."""

    code = "undo-of-new"

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"`{root.name}` was only created: `new` can't be undone",
            f"remove the directory if you don't want it: rm -r {shlex.quote(str(root))}",
        )


def undo(project: Project) -> tuple[tuple[str, ...], tuple[Revision, ...]]:
    """Take the last run back; the paths that changed, and the revisions that went.

    Raises UndoOfNewError, and what Workspace.undo raises.
    """
    home = project.root / HOME
    if home.is_dir() and not any(home.iterdir()):
        raise UndoOfNewError(project.root)
    signals.hold()
    there = Migrations.of(project.root).revisions
    paths = project.workspace.undo()
    gone = (one for one in there if one.path in paths and not (project.root / one.path).exists())
    return paths, tuple(gone)


def plan_to_restore(project: Project, paths: Iterable[str]) -> Plan:
    """Generated files brought back as forge wrote them.

    Raises UsageError for a path that forge did not generate.
    """
    base = project.lock.tree
    yours = project.workspace.read(base, base)
    return plan_restore(base, yours.tree, [below_root(project, path) for path in paths])


def below_root(project: Project, path: str) -> str:
    """A path as the user typed it, relative to the project."""
    whole = Path(path) if Path(path).is_absolute() else Path.cwd() / path
    try:
        inside = whole.resolve().relative_to(project.root).as_posix()
    except ValueError:
        return path
    return inside
