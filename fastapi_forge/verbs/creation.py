"""`forge new`: a project from answers, put in place by one rename."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge import __version__, git, signals
from fastapi_forge.errors import UsageError
from fastapi_forge.plan import Action, Change, Plan
from fastapi_forge.project.holding import HOME
from fastapi_forge.project.lock import LOCK_NAME, Lock, dumps
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.template.migrations import without_revisions
from fastapi_forge.template.names import BadNameError, check_name, objection
from fastapi_forge.template.render import Rendered
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.env import ENV_NAME

_NAMED = 5


class TargetNotEmptyError(UsageError):
    """There are files where the project would go."""

    code = "target-not-empty"

    def __init__(self, target: Path, found: list[str], here: bool) -> None:
        named = ", ".join(found[:_NAMED]) + (", ..." if len(found) > _NAMED else "")
        ways = "another name, forge new . in an empty repository, or --output-dir DIR"
        if here:
            ways = "forge new NAME makes a directory of its own; or --output-dir DIR"
        super().__init__(f"`{target}` is not empty: {named}", ways)


class TargetInTheWayError(UsageError):
    """The project's place can't be used."""

    code = "target"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project goes: `here` is `forge new .`, into the working directory itself."""

    name: str
    target: Path
    here: bool
    shown: str


def place_for(name: str, output_dir: str | None, catalog: Catalog) -> Place:
    """Check name and place.

    Raises BadNameError, TargetNotEmptyError or TargetInTheWayError.
    """
    dependencies = catalog.dependencies()
    parent = Path(output_dir) if output_dir else Path()
    if name == ".":
        target = parent.absolute()
        called = Path(os.path.realpath(target)).name
        if reason := objection(called, dependencies):
            raise BadNameError(
                called, f"the directory is called so, and {reason}", "forge new NAME"
            )
        place = Place(called, target, True, os.fspath(parent))
    else:
        check_name(name, dependencies)
        place = Place(name, parent.absolute() / name, False, os.fspath(parent / name))
    _check_free(place)
    return place


def _check_free(place: Place) -> None:
    target = place.target
    nearest = next(p for p in (target, *target.parents) if os.path.lexists(p))
    if not nearest.is_dir():
        what = "a file" if nearest.is_file() else "no directory"
        raise TargetInTheWayError(
            f"`{nearest}` is {what}", "choose another place: --output-dir DIR"
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise TargetInTheWayError(
            f"`{nearest}` can't be written to", "choose another place: --output-dir DIR"
        )
    if nearest != target:
        return
    found = sorted(entry.name for entry in os.scandir(target))
    if place.here:
        found = [name for name in found if name != ".git"]
    if found:
        raise TargetNotEmptyError(Path(place.shown), found, place.here)


def plan_creation(rendered: Rendered) -> Plan:
    """The plan of a new project: every file is created, `forge.lock` among them."""
    lock = dumps(Lock(rendered.answers, without_revisions(rendered.tree), __version__))
    outcome = Tree({**rendered.tree, LOCK_NAME: File(lock)})
    changes = (Change(path, Action.CREATE, None, file) for path, file in outcome.items())
    return Plan(tuple(changes), outcome)


def create(place: Place, files: Tree, with_git: bool) -> list[str]:
    """Write a new project; all of it or nothing.

    The empty `.forge` says that nothing has run since.

    Returns what is to be said: what git left undone.
    """
    with _parent_of(place) as parent, _beside(parent, place) as staging:
        project = staging / place.name
        _write(project, files)
        (project / HOME).mkdir()
        notes = []
        if with_git and not git.inside_repository(parent):
            note = git.start_repository(project, f"Start {place.name}")
            notes += [note] if note else []
        signals.hold()
        if place.here:
            _move_into(project, place.target)
        else:
            project.rename(place.target)
    return notes


@contextmanager
def _parent_of(place: Place) -> Iterator[Path]:
    """The directory that the project is staged in; those made for it go again on failure."""
    parent = place.target if place.here else place.target.parent
    missing = [p for p in (parent, *parent.parents) if not p.exists()]
    try:
        _make(parent)
        yield parent
    except BaseException:
        for directory in missing:
            if directory.is_dir() and not any(directory.iterdir()):
                directory.rmdir()
        raise


def _make(parent: Path) -> None:
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        reason = (error.strerror or str(error)).lower()
        raise TargetInTheWayError(
            f"`{parent}` can't be made: {reason}", "choose another place: --output-dir DIR"
        ) from error


@contextmanager
def _beside(parent: Path, place: Place) -> Iterator[Path]:
    staging = Path(tempfile.mkdtemp(prefix=f".{place.name}.forge-", dir=parent))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(root: Path, files: Tree) -> None:
    root.mkdir()
    for path, file in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        if file.executable:
            target.chmod(target.stat().st_mode | 0o111)
        if path == ENV_NAME:
            target.chmod(0o600)


def _move_into(project: Path, target: Path) -> None:
    """Move the entries one by one; on failure those moved go back."""
    moved: list[Path] = []
    try:
        for entry in sorted(project.iterdir()):
            if os.path.lexists(target / entry.name):
                raise TargetNotEmptyError(target, [entry.name], here=True)
            entry.rename(target / entry.name)
            moved.append(entry)
    except BaseException:
        for entry in moved:
            (target / entry.name).rename(entry)
        raise
