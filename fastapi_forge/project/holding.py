"""`.forge`, where a run keeps what it needs, and one run at a time in a project."""

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from fastapi_forge.errors import ForgeError, UsageError
from fastapi_forge.paths import kind_of

HOME = ".forge"
TXN = f"{HOME}/txn"
JOURNAL = f"{TXN}/journal.json"
LAST = f"{HOME}/last.json"

_OWN = {
    HOME: stat.S_ISDIR,
    f"{HOME}/lock": stat.S_ISREG,
    f"{HOME}/.gitignore": stat.S_ISREG,
    LAST: stat.S_ISREG,
    TXN: stat.S_ISDIR,
    JOURNAL: stat.S_ISREG,
}
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Busy(ForgeError):
    """Another run of forge is at work in the project."""

    code: ClassVar[str] = "busy"

    def __init__(self) -> None:
        super().__init__(
            "another run of forge is changing this project", "wait for it to end, then run again"
        )


class ForeignHome(UsageError):
    """Something else, such as a link that leads elsewhere, is where forge keeps its own files."""

    code: ClassVar[str] = "foreign-home"

    def __init__(self, path: str, mode: int) -> None:
        command = "rm -r" if stat.S_ISDIR(mode) else "rm"
        super().__init__(
            f"`{path}` is {kind_of(mode)}, where forge keeps what is its own",
            f"remove it, then run again: {command} {path}",
        )


def refuse_foreign(root: Path) -> None:
    """Raises ForeignHome unless `.forge` and what is in it are folders and files, and no links."""
    for path, is_own in _OWN.items():
        try:
            mode = (root / path).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        if not is_own(mode):
            raise ForeignHome(path, mode)


@contextlib.contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Hold the project against other runs.

    `.forge` is taken away again if it holds nothing to undo or to recover.

    Raises Busy, ForeignHome, and OSError where `.forge` can't be made.
    """
    refuse_foreign(root)
    home = root / HOME
    with _home(home), _opened(home / "lock") as lock:
        _take(lock)
        try:
            _hide(home)
            yield
        finally:
            if not (root / LAST).exists() and not (root / JOURNAL).exists():
                _clear(home)


@contextlib.contextmanager
def _home(home: Path) -> Iterator[None]:
    """A folder that goes again if it was made for nothing."""
    is_new = not home.exists()
    home.mkdir(exist_ok=True)
    try:
        yield
    finally:
        if is_new:
            with contextlib.suppress(OSError):
                home.rmdir()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The descriptor of a file to append to."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o666)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _hide(home: Path) -> None:
    """Have git ignore the folder."""
    with _opened(home / ".gitignore") as ignored:
        if not os.fstat(ignored).st_size:
            os.write(ignored, b"*\n")


def _clear(home: Path) -> None:
    shutil.rmtree(home / "txn", ignore_errors=True)
    for name in (".gitignore", "lock"):
        with contextlib.suppress(OSError):
            (home / name).unlink()


def _take(descriptor: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 (only there on Windows)

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 (only there on POSIX)

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Busy from None
