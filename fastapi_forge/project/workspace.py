"""The user's directory: read what a merge needs, apply a plan, recover, undo."""

import stat
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from fastapi_forge import git
from fastapi_forge.errors import ForgeError
from fastapi_forge.merging.modules import mentions
from fastapi_forge.merging.renames import moved_folder
from fastapi_forge.paths import kind_of, leads_inside
from fastapi_forge.plan import Change
from fastapi_forge.project import rollback, transaction
from fastapi_forge.project.candidates import find_candidates
from fastapi_forge.project.holding import HOME, exclusive
from fastapi_forge.project.journal import Entry, Snapshot
from fastapi_forge.project.rollback import snapshot
from fastapi_forge.project.transaction import Write
from fastapi_forge.tree import File, Tree


class ReadFailed(ForgeError):
    """A file of the project can't be read."""

    code: ClassVar[str] = "read-failed"

    def __init__(self, problem: OSError) -> None:
        super().__init__(
            f"`{problem.filename}` cannot be read: {problem.strerror}",
            "give yourself the right to read it, then run again",
        )


class UndoUnavailable(ForgeError):
    """There is no run to take back."""

    code: ClassVar[str] = "nothing-to-undo"

    def __init__(self) -> None:
        super().__init__(
            "there is nothing to undo",
            "forge keeps the last run only, in `.forge/`; use version control for earlier ones",
        )


class UndoBlocked(ForgeError):
    """Files were edited after the run that is to be taken back."""

    code: ClassVar[str] = "edited-since"
    exit_code: ClassVar[int] = 3

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(
            f"edited since the last run: `{'`, `'.join(paths)}`; nothing was changed",
            "set these files back to what forge wrote, or take the run back by version control",
        )
        self.paths = paths


class JournalDamaged(ForgeError):
    """The journal of an interrupted run can't be read."""

    code: ClassVar[str] = "journal-damaged"

    def __init__(self) -> None:
        super().__init__(
            "an interrupted run cannot be rolled back: `.forge/txn/journal.json` is damaged",
            "set the project back by version control, then remove the folder: rm -r .forge/txn",
        )


class TrackedJournal(ForgeError):
    """The journal came with the repository: it says what somebody else would have put back."""

    code: ClassVar[str] = "journal-tracked"

    def __init__(self) -> None:
        super().__init__(
            f"`{HOME}` is under version control: what it keeps is of no run of yours",
            f"remove it, then run again: git rm -rf {HOME}",
        )


@dataclass(frozen=True, slots=True)
class Yours:
    """The user's side of a merge.

    `tree` holds the regular files at generated paths, and candidates for renames where one of those
    is missing. `obstacles` says for a generated path what else is there, in words.
    """

    tree: Tree
    obstacles: Mapping[str, str]


class Workspace:
    """A project on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read_file(self, path: str) -> File | None:
        """One file as it is; None where there is none. Raises ReadFailed."""
        try:
            found = snapshot(self.root / path)
        except OSError as problem:
            raise ReadFailed(problem) from problem
        return _as_file(found)

    def read(self, base: Tree, target: Tree, *, find_moved: bool = False) -> Yours:
        """The user's files at the paths of base and target.

        Others, to which a missing file may have been renamed, are read only where it matters to a
        merge, or with `find_moved`. Raises ReadFailed.
        """
        generated = {*base, *target}
        obstacles = self._obstacles(generated)
        files = self._read_all(path for path in sorted(generated) if path not in obstacles)
        missing = [path for path in base if path not in files and path not in obstacles]
        if find_moved or _may_be_renamed(missing, base, files, target):
            gone = Tree({path: base[path] for path in missing})
            files |= self._read_all(find_candidates(self.root, gone, generated))
        return Yours(Tree(files), obstacles)

    def _read_all(self, paths: Iterable[str]) -> dict[str, File]:
        return {path: file for path in paths if (file := self.read_file(path)) is not None}

    def _obstacles(self, generated: Collection[str]) -> dict[str, str]:
        known: dict[str, str | None] = {".": None}
        found = {}
        for path in generated:
            obstacle = self._in_the_way(PurePosixPath(path).parent, generated, known)
            obstacle = obstacle or self._no_file(path)
            if obstacle is not None:
                found[path] = obstacle
        return found

    def _in_the_way(
        self, folder: PurePosixPath, generated: Collection[str], known: dict[str, str | None]
    ) -> str | None:
        """What keeps forge from writing into a folder, in words; answers are kept in `known`."""
        name = folder.as_posix()
        if name not in known:
            known[name] = self._in_the_way(folder.parent, generated, known)
            place = self.root / folder
            if known[name] is None and place.is_symlink() and not leads_inside(self.root, place):
                known[name] = f"`{name}` is a symbolic link that leaves the project"
            elif known[name] is None and place.is_file() and name not in generated:
                known[name] = f"`{name}` is a file of yours"
        return known[name]

    def _no_file(self, path: str) -> str | None:
        """What else stands where a file should, in words."""
        try:
            mode = (self.root / path).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as problem:
            raise ReadFailed(problem) from problem
        if stat.S_ISREG(mode):
            return None
        return f"`{path}` is {kind_of(mode)}"

    def apply(self, changes: Iterable[Change]) -> None:
        """Write all changes or none. Raises Busy, ChangedMeanwhile and WriteFailed."""
        writes = [
            Write(change.path, change.before, change.after)
            for change in changes
            if change.before != change.after
        ]
        if writes:
            transaction.commit(self.root, writes)

    def recover(self) -> str | None:
        """Roll a killed run back, and say so.

        Raises Busy, ForeignHome, TrackedJournal and JournalDamaged.
        """
        if not rollback.is_unfinished(self.root):
            return None
        self._refuse_tracked()
        try:
            with exclusive(self.root):
                left = rollback.roll_back(self.root)
        except ValueError:
            raise JournalDamaged from None
        except OSError as problem:
            raise rollback.RollbackPending(problem) from problem
        if not left:
            return "The last run was interrupted; what it had changed is put back"
        names = "`, `".join(left)
        return f"The last run was interrupted; all is put back but `{names}`, edited since"

    def undo(self) -> tuple[str, ...]:
        """Take the last run back; the paths that changed.

        Raises UndoUnavailable, UndoBlocked (files edited since), TrackedJournal, Busy and
        WriteFailed.
        """
        journal = rollback.last_run(self.root)
        if journal is None:
            raise UndoUnavailable
        self._refuse_tracked()
        written = [entry.path for entry in journal.entries if entry.after is not None]
        states = [(entry, *self._now(entry, written)) for entry in journal.entries]
        edited = [entry.path for entry, _, known in states if not known]
        if edited:
            raise UndoBlocked(tuple(edited))
        writes = [
            Write(
                entry.path,
                _as_file(now),
                _as_file(entry.before),
                None if entry.before is None else entry.before.mode,
            )
            for entry, now, _ in states
        ]
        transaction.commit(self.root, writes, final=True)
        return tuple(write.path for write in writes)

    def _refuse_tracked(self) -> None:
        if git.tracks(self.root, HOME):
            raise TrackedJournal

    def _now(self, entry: Entry, written: Iterable[str]) -> tuple[Snapshot | None, bool]:
        """A file of the last run as it is, and whether it is as that run left it."""
        if entry.after is None and transaction.is_folder_of(self.root, entry.path, written):
            return None, True
        try:
            now = snapshot(self.root / entry.path)
        except OSError:
            return None, False
        return now, entry.is_as_written(now)


def _as_file(found: Snapshot | None) -> File | None:
    return None if found is None else File(found.content, found.executable)


def _may_be_renamed(
    missing: list[str], base: Tree, files: Mapping[str, File], target: Tree
) -> bool:
    """Whether it matters where missing files went.

    So it does where forge changes one, adds to their folder, or writes a file that imports one.
    """
    if any(base[path] != target.get(path) for path in missing):
        return True
    written = Tree({path: file for path, file in target.items() if base.get(path) != file})
    if missing and mentions(written, missing):
        return True
    added = [path for path in target if path not in base]
    return bool(missing) and any(moved_folder(path, base, files, {}) for path in added)
