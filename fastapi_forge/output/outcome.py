"""What a command came to: one value that text and JSON are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fastapi_forge.errors import ForgeError

RESULT_VERSION = 1
"""Of the documents' envelope."""


class Status(StrEnum):
    """The envelope's `status`."""

    OK = "ok"
    CONFLICTS = "conflicts"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a command.

    `lines` are the result (stdout), `notes` what is said besides and `steps` what to do next
    (stderr); `detail` is said with `--verbose` only. `problem` is the refusal that goes with a
    result worth showing (conflicts); `bare` is a result that even `--quiet` shows.
    """

    data: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    status: Status = Status.OK
    exit_code: int = 0
    problem: ForgeError | None = None
    bare: bool = field(default=False)
