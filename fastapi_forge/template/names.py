"""What a project may be called."""

import keyword
import re
import sys
from collections.abc import Collection

from fastapi_forge.errors import UsageError

LONGEST = 64
_SHAPE = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
# `sys.stdlib_module_names` differs from version to version; these are or were in another one.
_OTHER_STDLIB = frozenset(
    [
        "annotationlib",
        "asynchat",
        "asyncore",
        "cgi",
        "cgitb",
        "chunk",
        "compression",
        "concurrent",
        "crypt",
        "distutils",
        "imghdr",
        "imp",
        "mailcap",
        "msilib",
        "nis",
        "nntplib",
        "ossaudiodev",
        "pathlib",
        "pipes",
        "smtpd",
        "sndhdr",
        "spwd",
        "string",
        "sunau",
        "telnetlib",
        "test",
        "uu",
        "xdrlib",
    ]
)


class BadNameError(UsageError):
    """A name that a project can't have."""

    code = "bad-name"

    def __init__(self, name: str, reason: str, hint: str) -> None:
        shown = name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."
        super().__init__(f"`{shown}` can't be the project's name: {reason}", hint)


def check_name(name: str, dependencies: Collection[str] = ()) -> str:
    """Return `name`, or raise BadNameError with the rule that it breaks.

    `dependencies` are the normalised names of what the project itself depends on: a project that
    bears one of them can't be resolved ("depends on itself").
    """
    if reason := objection(name, dependencies):
        other = suggestion(name, dependencies)
        raise BadNameError(name, reason, f"choose another, for example: forge new {other}")
    return name


def misshapen(name: str) -> str:
    """Why `name` can't be any project's, whatever else bears it; or nothing."""
    rules = (
        (not name, "it is empty"),
        (len(name) > LONGEST, f"it has {len(name)} characters, {LONGEST} are allowed"),
        (
            not _SHAPE.fullmatch(name),
            "letters, digits, `-` and `_`; a letter first, no sign last",
        ),
    )
    return next((reason for broken, reason in rules if broken), "")


def objection(name: str, dependencies: Collection[str] = ()) -> str:
    """Why `name` won't do, or nothing."""
    plain = name.lower()
    module = plain.replace("-", "_")
    rules = (
        (plain in _DEVICES, "Windows reserves it for a device"),
        (keyword.iskeyword(name) or keyword.iskeyword(module), "it is a keyword of Python"),
        (
            module in sys.stdlib_module_names or module in _OTHER_STDLIB,
            "it is a module of the standard library",
        ),
        (
            re.sub(r"[-_]+", "-", plain) in dependencies,
            "the project depends on a distribution of that name",
        ),
    )
    return misshapen(name) or next((reason for broken, reason in rules if broken), "")


def suggestion(name: str, dependencies: Collection[str] = ()) -> str:
    """A name near to `name` that is allowed."""
    plain = (
        re.sub(r"[^A-Za-z0-9]+", "-", name)
        .strip("-")
        .lstrip("-0123456789")[: LONGEST - 4]
        .strip("-")
    )
    near = (plain, f"{plain.lower()}-api")
    return next((one for one in near if plain and not objection(one, dependencies)), "myapi")
