"""The commands, their arguments and flags as data: parser, help and completion are made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from fastapi_forge.template.catalog import PROJECT_NAME, Catalog, Feature, Question


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


COMMON = (
    Flag("quiet", ("-q", "--quiet"), "Say nothing on success", section="Everywhere"),
    Flag(
        "verbose",
        ("-v", "--verbose"),
        "Name each file, and the time of each phase",
        section="Everywhere",
    ),
    Flag(
        "json", ("--json",), "One JSON document on stdout, and nothing else", section="Everywhere"
    ),
    Flag("no_input", ("--no-input",), "Never ask", section="Everywhere"),
    Flag(
        "directory",
        ("-C",),
        "Work in DIR instead of here",
        metavar="DIR",
        many=True,
        values=Values.FILES,
        section="Everywhere",
    ),
    Flag("help", ("-h", "--help"), "Show this help", section="Everywhere"),
)
TOP = (
    Flag(
        "version",
        ("--version",),
        "Show the versions of forge, copier and Python",
        section="Everywhere",
    ),
    Flag(
        "install_completion",
        ("--install-completion",),
        "Install completion for your shell",
        section="Everywhere",
    ),
    Flag(
        "show_completion",
        ("--show-completion",),
        "Print the completion script",
        section="Everywhere",
    ),
)

_DRY_RUN = Flag("dry_run", ("--dry-run",), "Print the plan, write nothing")
_DIFF = Flag("diff", ("--diff",), "Show the hunks too; with --dry-run, before anything is written")
_CHECK = Flag("check", ("--check",), "Write nothing; exit 1 when there is something to do")
_INSTALL = Flag("install", ("--install",), "Lock and install the dependencies with uv")
_CONFLICTS = Flag(
    "conflicts",
    ("--conflicts",),
    "What to do with conflicts: refuse (default), or inline marks",
    metavar="HOW",
    choices=("refuse", "inline"),
)
_YES = Flag("yes", ("-y", "--defaults"), "Take the defaults, ask nothing")
_CHANGING = (_DRY_RUN, _DIFF, _CHECK, _CONFLICTS, _INSTALL, _YES)

COMMANDS = (
    Command(
        "new",
        Group.START,
        "Create a project",
        (
            "forge new myapi",
            "forge new myapi --with-graphql --versioning header",
            "forge new myapi --preset standard -y",
            "forge new . --answers answers.yml",
        ),
        Argument("name", "NAME", "The project's name; `.` takes the directory you are in"),
        (
            Flag(
                "preset", ("--preset",), "A named set of features", "PRESET", values=Values.PRESETS
            ),
            Flag(
                "answers",
                ("--answers",),
                "Read the answers from a YAML, TOML or JSON file (- is stdin)",
                "FILE",
                values=Values.FILES,
            ),
            Flag(
                "output_dir",
                ("--output-dir",),
                "Where to create it; the default is here",
                "DIR",
                values=Values.FILES,
            ),
            _YES,
            Flag("no_git", ("--no-git",), "Make no git repository"),
            _INSTALL,
            _DRY_RUN,
            _DIFF,
        ),
        Questions.ALL,
    ),
    Command(
        "add",
        Group.CHANGE,
        "Add features, or change the kind of one",
        ("forge add graphql", "forge add auth versioning=header", "forge add ci --dry-run --diff"),
        Argument(
            "features", "FEATURE[=KIND]...", "The features to add", many=True, values=Values.ABSENT
        ),
        (
            *_CHANGING,
            Flag("no_data", ("--no-data",), "The databases are empty: nothing has to be moved"),
        ),
        Questions.OF_FEATURES,
        about_features=True,
    ),
    Command(
        "remove",
        Group.CHANGE,
        "Remove features",
        ("forge remove example", "forge remove auth --with-dependents"),
        Argument(
            "features", "FEATURE...", "The features to remove", many=True, values=Values.PRESENT
        ),
        (
            Flag("with_dependents", ("--with-dependents",), "Remove what needs them too"),
            Flag("keep_data", ("--keep-data",), "Keep their tables in the database"),
            *_CHANGING,
        ),
        about_features=True,
    ),
    Command(
        "update",
        Group.CHANGE,
        "Take this forge's template, or other answers",
        ("forge update", "forge update --python 3.13", "forge update --check"),
        flags=_CHANGING,
        questions=Questions.BASE,
    ),
    Command("undo", Group.CHANGE, "Take the last run back", ("forge undo",)),
    Command(
        "restore",
        Group.CHANGE,
        "Bring generated files back as forge wrote them",
        ("forge restore app/main.py",),
        Argument(
            "paths", "PATH...", "Generated files, deleted or edited", many=True, values=Values.FILES
        ),
        (_DRY_RUN, _DIFF),
    ),
    Command(
        "status",
        Group.INSPECT,
        "Show what the project has, and what you changed",
        ("forge status", "forge status --json"),
    ),
    Command(
        "diff",
        Group.INSPECT,
        "Show your edits of the generated files",
        ("forge diff", "forge diff app/main.py"),
        Argument(
            "paths", "[PATH]...", "Only these files or directories", many=True, values=Values.FILES
        ),
    ),
    Command(
        "features",
        Group.INSPECT,
        "List the features, or show one",
        ("forge features", "forge features graphql", "forge features --json"),
        Argument("feature", "[FEATURE]", "The feature to show", values=Values.FEATURES),
    ),
    Command("check", Group.INSPECT, "Check the project against its answers", ("forge check",)),
    Command(
        "schema", Group.INSPECT, "Print the JSON Schema of all --json output", ("forge schema",)
    ),
)


def command_called(name: str) -> Command | None:
    return next((command for command in COMMANDS if command.name == name), None)


def flags_of(command: Command, catalog: Catalog) -> tuple[Flag, ...]:
    """All flags of the command, those of the catalogue among them, but not the common ones."""
    return (*command.flags, *_from_catalog(command, catalog))


def _from_catalog(command: Command, catalog: Catalog) -> Iterator[Flag]:
    if command.questions is Questions.ALL:
        for feature in catalog.features.values():
            yield from feature_flags(feature)
    if command.questions in (Questions.ALL, Questions.BASE):
        yield from (
            question_flag(q, "Project") for q in catalog.base_questions if q.name != PROJECT_NAME
        )
    if command.questions is not Questions.NONE:
        for feature in catalog.features.values():
            yield from (question_flag(q, "Features") for q in feature.questions)


def feature_flags(feature: Feature) -> Iterator[Flag]:
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


def question_flag(question: Question, section: str) -> Flag:
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
