"""What a command line asks for, as one typed value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fastapi_forge.errors import UsageError

if TYPE_CHECKING:
    from fastapi_forge.template.catalog import Answer


class OnConflict(StrEnum):
    """What becomes of conflicts: nothing is written, or diff3 marks are."""

    REFUSE = "refuse"
    INLINE = "inline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The flags and arguments of any command by their names in `options`; each has its default.

    `answers` is the file that holds some; `said` are the answers that flags of the catalogue give;
    `directory` is the way, step by step, from where forge was called to where it works.
    """

    name: str | None = None
    feature: str | None = None
    features: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    preset: str | None = None
    answers: str | None = None
    output_dir: str | None = None
    directory: tuple[str, ...] = ()
    conflicts: OnConflict = OnConflict.REFUSE
    dry_run: bool = False
    diff: bool = False
    check: bool = False
    install: bool = False
    yes: bool = False
    no_git: bool = False
    no_data: bool = False
    with_dependents: bool = False
    keep_data: bool = False
    no_input: bool = False
    json: bool = False
    said: Mapping[str, "Answer"] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Whether nothing may be asked."""
        return self.no_input or self.json or self.yes

    @property
    def inline(self) -> bool:
        """Whether conflicts are to be written as marks."""
        return self.conflicts is OnConflict.INLINE

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Wanted":
        """What the parser read, by name. Raises UsageError for `--conflicts` of another kind."""
        own = {one.name for one in fields(cls)} - {"said"}
        wanted = {name: _typed(name, value) for name, value in values.items() if name in own}
        said = {name: value for name, value in values.items() if name not in own}
        return cls(**wanted, said=said)


def _typed(name: str, value: Any) -> Any:
    if name == "conflicts":
        return _on_conflict(value)
    return tuple(value) if isinstance(value, list) else value


def _on_conflict(how: str) -> OnConflict:
    try:
        return OnConflict(how)
    except ValueError:
        known = " or ".join(OnConflict)
        raise UsageError(f"`--conflicts {how}` is no way to treat them", known) from None
