"""Writing many files as one: all of them or none, also when the process is killed in the middle.

New contents are staged in `.forge/txn`, the journal there makes the run recoverable, each file is
replaced by one rename, and renaming the journal to `.forge/last.json` is the commit. A journal that
still lies in `.forge/txn` belongs to a run that was killed: `roll_back` puts everything back.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fastapi_forge.errors import ForgeError
from fastapi_forge.paths import leads_inside
from fastapi_forge.project import journal as journals
from fastapi_forge.project.holding import JOURNAL, LAST, TXN, Busy, exclusive
from fastapi_forge.project.journal import Entry, Journal, Snapshot
from fastapi_forge.project.rollback import RollbackPending, roll_back, snapshot
from fastapi_forge.tree import File

_BYTECODE = "__pycache__"


class WriteFailed(ForgeError):
    """The disk is full, read-only or out of reach; nothing was changed."""

    code: ClassVar[str] = "write-failed"

    def __init__(self, problem: OSError) -> None:
        where = f" (`{problem.filename}`)" if problem.filename else ""
        super().__init__(
            f"writing failed: {problem.strerror or problem}{where}; nothing was changed",
            "make room or give yourself the right to write there, then run again",
        )


class ChangedMeanwhile(ForgeError):
    """A file is no longer as it was when the plan was made."""

    code: ClassVar[str] = "changed-meanwhile"

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(
            f"`{'`, `'.join(paths[:5])}` changed while forge was at work; nothing was changed",
            "run the command again",
        )


@dataclass(frozen=True, slots=True)
class Write:
    """One file to write; `mode` are the exact permission bits, None for the usual ones."""

    path: str
    before: File | None
    after: File | None
    mode: int | None = None


def is_folder_of(root: Path, path: str, files: Iterable[str]) -> bool:
    """Whether a path is a folder that holds one of these files, and may be a file after them."""
    return (root / path).is_dir() and any(file.startswith(f"{path}/") for file in files)


def commit(root: Path, writes: Sequence[Write], *, final: bool = False) -> None:
    """Write all or nothing.

    Raises Busy, ForeignHome, ChangedMeanwhile and WriteFailed, each with the project as it was.
    """
    done = False
    try:
        with exclusive(root):
            if (root / JOURNAL).exists():
                raise Busy
            _commit(root, writes, final)
            done = True
            shutil.rmtree(root / TXN, ignore_errors=True)
    except OSError as problem:
        raise WriteFailed(problem) from problem
    except KeyboardInterrupt:
        if not done:
            raise


def _commit(root: Path, writes: Sequence[Write], final: bool) -> None:
    shutil.rmtree(root / TXN, ignore_errors=True)
    journal = b""
    try:
        dropped = {write.path for write in writes if write.after is None}
        before = {write.path: _checked_snapshot(root, write, dropped) for write in writes}
        _stage(root, writes, before)
        journal = _journal(root, writes, before, final)
        _write_durably(root / JOURNAL, journal)
        _apply(root, writes)
        (root / JOURNAL).replace(root / LAST)
    except BaseException:
        if not _is_committed(root, journal):
            _give_up(root)
            raise


def _journal(
    root: Path, writes: Sequence[Write], before: dict[str, Snapshot | None], final: bool
) -> bytes:
    entries = (_entry(write, before[write.path]) for write in writes)
    try:
        return journals.dumps(Journal(tuple(entries), _folders_to_make(root, writes), final))
    except OverflowError:
        raise OSError(errno.EFBIG, "the files to change are too large") from None


def _entry(write: Write, before: Snapshot | None) -> Entry:
    is_module = write.after is not None and write.path.endswith(".py")
    module = write.after.content if write.after and is_module else None
    return Entry(write.path, before, _digest(write.after), module)


def _is_committed(root: Path, journal: bytes) -> bool:
    """Whether an interruption came too late: what stands there is the whole of the run."""
    if not journal or (root / JOURNAL).exists():
        return False
    return (root / LAST).exists() and (root / LAST).read_bytes() == journal


def _give_up(root: Path) -> None:
    try:
        roll_back(root)
    except OSError as problem:
        raise RollbackPending(problem) from problem


def _digest(file: File | None) -> str | None:
    return None if file is None else journals.digest_of(file.content)


def _checked_snapshot(root: Path, write: Write, dropped: set[str]) -> Snapshot | None:
    path = root / write.path
    if not leads_inside(root, path.parent):
        raise ChangedMeanwhile([write.path])
    if write.before is None and is_folder_of(root, write.path, dropped):
        return None
    try:
        now = snapshot(path)
    except IsADirectoryError:
        raise ChangedMeanwhile([write.path]) from None
    if (None if now is None else File(now.content, now.executable)) != write.before:
        raise ChangedMeanwhile([write.path])
    return now


def _stage(root: Path, writes: Sequence[Write], before: dict[str, Snapshot | None]) -> None:
    (root / TXN).mkdir()
    for number, write in enumerate(writes):
        if write.after is None:
            continue
        staged = root / TXN / str(number)
        mode = 0o777 if write.after.executable else 0o666
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(write.after.content)
        kept = _kept_mode(write, before[write.path])
        if kept is not None:
            staged.chmod(kept)


def _kept_mode(write: Write, before: Snapshot | None) -> int | None:
    if write.mode is not None or before is None or write.after is None:
        return write.mode
    if write.after.executable == before.executable:
        return before.mode
    readable = (before.mode & 0o444) >> 2
    return before.mode | readable if write.after.executable else before.mode & ~0o111


def _folders_to_make(root: Path, writes: Sequence[Write]) -> tuple[str, ...]:
    made = set()
    for write in writes:
        folder = Path(write.path).parent
        while write.after is not None and folder.parts and not (root / folder).is_dir():
            made.add(folder.as_posix())
            folder = folder.parent
    return tuple(sorted(made))


def _write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or absent, and on the disk when this returns."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _apply(root: Path, writes: Sequence[Write]) -> None:
    written = [write.path for write in writes if write.after is not None]
    for write in writes:
        if write.after is None:
            (root / write.path).unlink()
    for write in writes:
        if write.after is None:
            _remove_emptied(root, (root / write.path).parent, written)
    for number, write in enumerate(writes):
        if write.after is not None:
            target = root / write.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (root / TXN / str(number)).replace(target)


def _remove_emptied(root: Path, folder: Path, written: Sequence[str]) -> None:
    """Remove a folder and those around it that hold nothing, or nothing but bytecode.

    One that is about to be written to stays.
    """
    while folder != root and folder.is_dir() and not folder.is_symlink():
        inside = f"{folder.relative_to(root).as_posix()}/"
        rest = list(folder.iterdir())
        if any(path.startswith(inside) for path in written):
            return
        if [path.name for path in rest] == [_BYTECODE] and _is_bytecode(rest[0]):
            shutil.rmtree(rest[0])
        elif rest:
            return
        folder.rmdir()
        folder = folder.parent


def _is_bytecode(folder: Path) -> bool:
    return (
        not folder.is_symlink()
        and folder.is_dir()
        and all(path.suffix in {".pyc", ".pyo"} for path in folder.iterdir())
    )
