"""SIGINT, SIGTERM and SIGHUP as one KeyboardInterrupt, held back while files are being written."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ABORTED = "Aborted; nothing was changed."

_INTERRUPTING = ("SIGINT", "SIGTERM", "SIGHUP")


class _Gate:
    """Whether an interruption may be raised just now."""

    held = False


def install() -> None:
    """Turn the interrupting signals into KeyboardInterrupt.

    An ignored signal stays ignored (`nohup`).
    """
    for number in _numbers():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _numbers() -> Iterator[int]:
    """Those of the signals that this system has."""
    found = (getattr(signal, name, None) for name in _INTERRUPTING)
    return (number for number in found if number is not None)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    if not _Gate.held:
        raise KeyboardInterrupt


def hold() -> None:
    """From here on the run is finished, not broken off: "nothing was changed" would be untrue."""
    _Gate.held = True


def finish() -> None:
    """Ignore what comes now: while Python shuts down, a signal would kill a run that is done."""
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)


def release() -> None:
    """Let interruptions through again: another run begins in this process."""
    _Gate.held = False


@contextmanager
def interruptible() -> Iterator[None]:
    """Let an interruption through again, for a long step after the files are written."""
    before, _Gate.held = _Gate.held, False
    try:
        yield
    finally:
        _Gate.held = before
