"""The way back: what a killed run had changed is put back, and the last one can be undone."""

import contextlib
import errno
import shutil
import stat
from pathlib import Path
from typing import ClassVar

from fastapi_forge.errors import ForgeError
from fastapi_forge.paths import leads_inside
from fastapi_forge.project import journal as journals
from fastapi_forge.project.holding import JOURNAL, LAST, TXN, refuse_foreign
from fastapi_forge.project.journal import Entry, Journal, Snapshot


class RollbackPending(ForgeError):
    """Writing failed, and so did putting back; the journal is there for the next command."""

    code: ClassVar[str] = "rollback-pending"

    def __init__(self, problem: OSError) -> None:
        super().__init__(
            f"writing failed, and putting the files back did too: {problem.strerror or problem}",
            "remove the cause; the next forge command puts them back, as `forge status` does",
        )


def snapshot(path: Path) -> Snapshot | None:
    """A regular file as it is; None where there is no file. Raises OSError for anything else."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is no regular file", str(path))
    return Snapshot(path.read_bytes(), stat.S_IMODE(found.st_mode))


def roll_back(root: Path) -> tuple[str, ...] | None:
    """Put back what an unfinished run had changed; None where there is no such run.

    A file that was edited since is left alone; the paths of these are returned. Raises ValueError
    where the journal is damaged.
    """
    if not (root / JOURNAL).exists():
        shutil.rmtree(root / TXN, ignore_errors=True)
        return None
    journal = journals.load(root / JOURNAL)
    left = []
    for entry in journal.entries:
        if entry.before is None and not _put_back(root, entry):
            left.append(entry.path)
    for folder in (root / made for made in reversed(journal.made)):
        with contextlib.suppress(OSError):
            if leads_inside(root, folder.parent):
                folder.rmdir()
    for entry in journal.entries:
        if entry.before is not None and not _put_back(root, entry):
            left.append(entry.path)
    (root / JOURNAL).unlink()
    shutil.rmtree(root / TXN, ignore_errors=True)
    return tuple(sorted(left))


def _put_back(root: Path, entry: Entry) -> bool:
    path = root / entry.path
    if not leads_inside(root, path.parent):
        return False
    try:
        now = snapshot(path)
    except OSError:
        return False
    if now == entry.before:
        return True
    if not entry.is_as_written(now) and not entry.is_as_before(now):
        return False
    if entry.before is None:
        path.unlink()
        return True
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = root / TXN / "restored"
    fresh.unlink(missing_ok=True)
    fresh.write_bytes(entry.before.content)
    fresh.chmod(entry.before.mode)
    fresh.replace(path)
    return True


def is_unfinished(root: Path) -> bool:
    """Whether a run was killed, or is at work just now. Raises ForeignHome."""
    refuse_foreign(root)
    return (root / JOURNAL).exists()


def last_run(root: Path) -> Journal | None:
    """The run that can be undone; None where there is none. Raises ForeignHome."""
    refuse_foreign(root)
    try:
        journal = journals.load(root / LAST)
    except (OSError, ValueError):
        return None
    return None if journal.final else journal
