"""What can go wrong, in the words that the user reads."""

from typing import ClassVar


class ForgeError(Exception):
    """A failure the user can act on.

    `message` says what is wrong (values in backquotes), `hint` what to do: both one line, without a
    closing full stop. `code` is stable for programs, `exit_code` is that of the process.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class DefectError(ForgeError):
    """A defect of forge or its template whose place is known; its traceback is to be reported."""


class UsageError(ForgeError):
    """Wrong use: a bad value, an unknown name, a missing answer."""

    code = "usage"
    exit_code = 2
