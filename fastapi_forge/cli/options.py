"""What a command takes, as data: its argument, its flags and those that the catalogue brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi_forge.template.catalog import Catalog, Feature, Question


class Group(StrEnum):
    """The headings of `forge --help`."""

    START = "Start"
    CHANGE = "Change"
    INSPECT = "Inspect"


class Values(StrEnum):
    """What an argument or a flag's value is completed with."""

    NONE = ""
    FEATURES = "features"
    ABSENT = "absent"
    PRESENT = "present"
    PRESETS = "presets"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands after a command: one value, or any number of them."""

    name: str
    metavar: str
    help: str
    many: bool = False
    values: Values = Values.NONE


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: `metavar` is empty where it takes no value; `off` is the name that says no."""

    name: str
    decls: tuple[str, ...]
    help: str
    metavar: str = ""
    off: str = ""
    many: bool = False
    choices: tuple[str, ...] = ()
    values: Values = Values.NONE
    section: str = "Flags"

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.decls, self.off) if self.off else self.decls


class Questions(StrEnum):
    """Which of the catalogue's questions a command takes flags for."""

    NONE = "none"
    ALL = "all"
    OF_FEATURES = "of-features"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Command:
    """A command as help and parser know it."""

    name: str
    group: Group
    summary: str
    examples: tuple[str, ...]
    argument: Argument | None = None
    flags: tuple[Flag, ...] = ()
    questions: Questions = Questions.NONE
    about_features: bool = False

    @property
    def usage(self) -> str:
        argument = f" {self.argument.metavar}" if self.argument else ""
        return f"forge {self.name}{argument} [FLAGS]"


def flags_of(command: Command, catalog: "Catalog") -> tuple[Flag, ...]:
    """All flags of the command, those of the catalogue among them, but not the common ones."""
    return (*command.flags, *_from_catalog(command, catalog))


def _from_catalog(command: Command, catalog: "Catalog") -> Iterator[Flag]:
    if command.questions is Questions.ALL:
        for feature in catalog.features.values():
            yield from feature_flags(feature)
    if command.questions in (Questions.ALL, Questions.BASE):
        yield from (
            question_flag(q, "Project") for q in catalog.base_questions if not q.names_project
        )
    if command.questions is not Questions.NONE:
        for feature in catalog.features.values():
            yield from (question_flag(q, "Features") for q in feature.questions)


def feature_flags(feature: "Feature") -> Iterator[Flag]:
    """`--with-F/--without-F`, and `--F KIND` where there are kinds."""
    default = " (on unless left out)" if feature.default else ""
    yield Flag(
        feature.key,
        (feature.flag,),
        f"{feature.description}{default}",
        off=feature.off_flag,
        section="Features",
    )
    if feature.kinds:
        yield Flag(
            feature.kind_key,
            (feature.kind_flag,),
            f"{feature.title}: {' or '.join(feature.values)}",
            metavar="KIND",
            choices=feature.values,
            section="Features",
        )


def question_flag(question: "Question", section: str) -> Flag:
    if question.type == "bool":
        off = f"--no-{question.flag.removeprefix('--')}"
        return Flag(question.name, (question.flag,), question.title, off=off, section=section)
    return Flag(
        question.name,
        (question.flag,),
        question.title,
        metavar="TEXT" if not question.choices else "CHOICE",
        choices=question.values,
        section=section,
    )
