"""`.forge`, where a run keeps what it needs, and one run at a time in a project."""

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from fastapi_forge.errors import ForgeError

HOME = ".forge"
TXN = f"{HOME}/txn"
JOURNAL = f"{TXN}/journal.json"
LAST = f"{HOME}/last.json"


class Busy(ForgeError):
    """Another run of forge is at work in the project."""

    code: ClassVar[str] = "busy"

    def __init__(self) -> None:
        super().__init__(
            "another run of forge is changing this project", "wait for it to end, then run again"
        )


@contextlib.contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Hold the project against other runs. Raises Busy, and OSError where `.forge` can't be made.

    `.forge` is taken away again if it holds nothing to undo or to recover.
    """
    home = root / HOME
    with _home(home), (home / "lock").open("ab") as lock:
        _take(lock.fileno())
        try:
            (home / ".gitignore").write_bytes(b"*\n")
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
