"""What a run would change: one value for preview, diff, JSON document and apply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fastapi_forge.tree import File, Tree


class Action(StrEnum):
    """What happens to one file; `keep` leaves the user's as it is although forge's side changed."""

    CREATE = "create"
    CHANGE = "change"
    MERGE = "merge"
    DELETE = "delete"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Change:
    """One file of the plan; `before` is on disk now, `after` will be; None means no file."""

    path: str
    action: Action
    before: File | None
    after: File | None


class Left(StrEnum):
    """How a run that writes all the same leaves a conflict.

    `marked` in the file, with marks around the sides; `kept` as the user's, without what forge
    would do; or carried out as forge would, and left to the user to `mend`.
    """

    MARKED = "marked"
    KEPT = "kept"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both the user and forge changed.

    `line` counts from 1 in yours (None where the whole file is meant); the three sides are the text
    in question, None where that side has no such file. `advice` says what to do. `left` is None
    where nothing is written.
    """

    path: str
    line: int | None
    reason: str
    advice: str
    base: str | None = None
    yours: str | None = None
    target: str | None = None
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A run before it happens.

    `outcome` is the tree of all generated files, `forge.lock` among them, as it will be on disk.
    `moved` are generated paths with the places to which the user moved them, `next_steps` what is
    left to the user's own code.
    """

    changes: tuple[Change, ...]
    outcome: Tree
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = field(default=())
    moved: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The sha256 (hex) of the planned tree."""
        return self.outcome.digest
