"""The commands and their flags as data: parser, help and completion are made of them."""

from fastapi_forge.cli.options import Argument, Command, Flag, Group, Questions, Values

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
        "Bring deleted generated files back as forge wrote them",
        ("forge restore app/items",),
        Argument(
            "paths", "PATH...", "Deleted files, or folders of them", many=True, values=Values.FILES
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
