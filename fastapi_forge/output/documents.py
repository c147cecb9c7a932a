"""The `data` of every document that `--json` prints, as types: `schema` is made of them."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from fastapi_forge.plan import Action, Left
from fastapi_forge.template.catalog import Answer


class Data(TypedDict):
    """What every document holds; `Report` adds what was said on the way to the command's own."""

    notices: NotRequired[list[str]]


class Failed(Data):
    """A command that came to nothing."""


class PlannedFile(TypedDict):
    path: str
    action: Action


class ConflictingPlace(TypedDict):
    """A conflict; `left` is null where nothing was written for there are conflicts."""

    path: str
    line: Annotated[int | None, {"minimum": 1}]
    reason: str
    advice: str
    base: str | None
    yours: str | None
    target: str | None
    left: Left | None


class Planned(Data):
    """A plan, and whether it was carried out. `digest` is the sha256 of the planned tree."""

    plan: list[PlannedFile]
    digest: Annotated[str, {"pattern": "^[0-9a-f]{64}$"}]
    conflicts: list[ConflictingPlace]
    next_steps: list[str]
    written: bool
    diff: NotRequired[str]


class Created(Planned):
    """A plan of a new project; where it was carried out, the place and how to make it again."""

    project: NotRequired[str]
    command: NotRequired[str]


class NotableChange(TypedDict):
    version: str
    feature: str
    notice: str
    restore: str
    gained: list[str]
    lost: list[str]


class Updated(Planned):
    before_you_deploy: list[NotableChange]


class TakenBack(Data):
    paths: list[str]
    next_steps: list[str]
    written: Literal[True]


Moved = TypedDict("Moved", {"from": str, "to": str})


class MarkedPlace(TypedDict):
    path: str
    line: Annotated[int, {"minimum": 1}]


class ProjectState(Data):
    project: str
    name: str
    template_version: str
    installed_version: str
    features: list[str]
    available: list[str]
    edited: list[str]
    deleted: list[str]
    moved: list[Moved]
    update: list[str]
    conflicts_left: list[MarkedPlace]
    to_mend: list[str]
    branches_met: bool
    migration_heads: list[str]


class Edits(Data):
    diff: str
    edited: list[str]
    deleted: list[str]
    moved: list[Moved]


class Problems(Data):
    problems: list[str]


class DescribedKind(TypedDict):
    value: str
    label: str
    hint: str


class Reasoned(TypedDict):
    feature: str
    reason: str


class DemandedAnswer(TypedDict):
    """A feature's kind (`any` for each of them) needs this answer to another question."""

    kind: str
    question: str
    value: Answer
    reason: str


class DescribedFeature(TypedDict):
    name: str
    title: str
    description: str
    group: str
    docs: str
    flag: str
    off_flag: str
    kind_flag: str | None
    kinds: list[DescribedKind]
    default: bool
    default_kind: str | None
    aliases: list[str]
    requires: list[Reasoned]
    requires_answers: list[DemandedAnswer]
    conflicts: list[Reasoned]
    example: str


class DescribedQuestion(TypedDict):
    name: str
    flag: str
    title: str
    type: str
    choices: list[DescribedKind]
    default: Answer
    feature: str | None


class DescribedCatalog(Data):
    features: list[DescribedFeature]
    questions: list[DescribedQuestion]
    presets: dict[str, list[str]]


class PrintedSchema(Data):
    schema: dict[str, Any]


class Help(Data):
    text: str


class Versions(Data):
    forge: str
    copier: str
    python: str


class Completion(Data):
    """A shell's code, or the file that it was written to."""

    shell: str
    script: NotRequired[str]
    path: NotRequired[str]


DOCUMENTS: dict[str, type[Data]] = {
    "new": Created,
    "add": Planned,
    "remove": Planned,
    "update": Updated,
    "undo": TakenBack,
    "restore": Planned,
    "status": ProjectState,
    "diff": Edits,
    "features": DescribedCatalog,
    "check": Problems,
    "schema": PrintedSchema,
    "help": Help,
    "version": Versions,
    "completion": Completion,
}
"""By the `command` of the envelope; it is empty where none was understood."""
