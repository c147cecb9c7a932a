"""A run of forge: read the command line, call one function, hand its value to the report."""

import errno
import importlib
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fastapi_forge import COPIER_VERSION, __version__, signals
from fastapi_forge.cli import shells
from fastapi_forge.cli.options import Command, Group
from fastapi_forge.errors import ForgeError, UsageError
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.report import Report

if TYPE_CHECKING:
    from fastapi_forge.cli.parser import Call
    from fastapi_forge.cli.wanted import Wanted
    from fastapi_forge.output.documents import Completion, Help, Versions
    from fastapi_forge.template.catalog import Catalog


class BadDirectoryError(UsageError):
    """`-C` names no directory."""

    code = "bad-directory"


class SystemRefusedError(ForgeError):
    """The operating system refused: disk full, no permission."""

    code = "system"

    def __init__(self, error: OSError) -> None:
        where = f"`{error.filename}`: " if error.filename else ""
        hint = _REMEDIES.get(error.errno or 0, "look at the file and its directory")
        super().__init__(f"{where}{(error.strerror or str(error)).lower()}", hint)


_REMEDIES = {
    errno.ENOSPC: "free some space on the disk; nothing was changed",
    errno.EROFS: "the file system is read-only; choose another place",
    errno.EACCES: "change the permissions, or choose another place",
    errno.EPERM: "change the permissions, or choose another place",
}


def run(arguments: Sequence[str]) -> int:
    """Do what the command line says; the exit code."""
    report = Report(as_json=_asks_for_json(arguments))
    try:
        return _dispatch(arguments, report)
    except ForgeError as error:
        return report.fail(error)
    except KeyboardInterrupt:
        return report.aborted(signals.ABORTED)
    except BrokenPipeError:
        raise
    except OSError as error:
        return report.fail(SystemRefusedError(error))
    except Exception as error:
        return report.crash(error)


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether errors of the command line itself are to be a document."""
    before_rest = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before_rest


def _dispatch(arguments: Sequence[str], report: Report) -> int:
    if list(arguments) in (["--help"], ["-h"]):
        return report.finish(_help(None, None, report))
    return _parsed(arguments, report)


def _parsed(arguments: Sequence[str], report: Report) -> int:
    from fastapi_forge.cli.parser import HelpWanted, parse  # noqa: PLC0415 - loads Typer
    from fastapi_forge.cli.wanted import Wanted  # noqa: PLC0415

    words, shell = shells.taken_out(arguments)
    try:
        call = parse(words)
    except HelpWanted as wanted:
        return report.finish(_help(wanted.command, wanted.catalog, report))
    report.command = call.command.name if call.command else ""
    report.as_json = bool(call.values.get("json"))
    report.quiet = bool(call.values.pop("quiet", False))
    report.verbose = bool(call.values.pop("verbose", False))
    for directory in call.values.get("directory", ()):
        _enter(directory)
    if call.command is None or call.catalog is None:
        return report.finish(_without_command(call, shell, report))
    return report.finish(_verb(call.command)(call.catalog, Wanted.of(call.values), report))


_MODULES = {Group.START: "new", Group.CHANGE: "change", Group.INSPECT: "views"}
_OF_THE_CATALOGUE = ("features", "schema")


Verb = Callable[["Catalog", "Wanted", Report], Outcome]


def _verb(command: Command) -> Verb:
    """The function of the same name, from the one module that is needed for it."""
    name = "catalogue" if command.name in _OF_THE_CATALOGUE else _MODULES[command.group]
    module = importlib.import_module(f"fastapi_forge.cli.{name}")
    verb: Verb = getattr(module, command.name)
    return verb


def _enter(directory: str) -> None:
    try:
        os.chdir(directory)
    except OSError as error:
        reason = (error.strerror or "it can't be entered").lower()
        raise BadDirectoryError(
            f"`-C {directory}`: {reason}", "name a directory that exists"
        ) from error


def _without_command(call: "Call", shell: str, report: Report) -> Outcome:
    if call.values.get("version"):
        report.command = "version"
        return _version()
    for flag, act in (("show_completion", _shown), ("install_completion", _installed)):
        if call.values.get(flag):
            report.command = "completion"
            return act(shell)
    if call.values.get("json"):
        from fastapi_forge.cli.parser import CommandLineError  # noqa: PLC0415

        raise CommandLineError("no command was named", "forge --help")
    return _help(None, None, report)


def _help(command: Command | None, catalog: "Catalog | None", report: Report) -> Outcome:
    from fastapi_forge.cli import help as texts  # noqa: PLC0415

    report.command = "help"
    if command is None or catalog is None:
        lines = texts.overview(report.look)
    else:
        lines = texts.of_command(command, catalog, report.look)
    document: Help = {"text": "\n".join(lines)}
    return Outcome(document, tuple(lines), bare=True)


def _shown(shell: str) -> Outcome:
    from fastapi_forge.cli import installing  # noqa: PLC0415

    shell = installing.known(shell)
    code = shells.scripts(shell)
    document: Completion = {"shell": shell, "script": code}
    return Outcome(document, tuple(code.splitlines()), bare=True)


def _installed(shell: str) -> Outcome:
    from fastapi_forge.cli import installing  # noqa: PLC0415

    shell = installing.known(shell)
    path = installing.install(shell)
    document: Completion = {"shell": shell, "path": str(path)}
    words = f"Installed completion for {shell} in {path}; start a new shell to use it"
    return Outcome(document, (words,))


def _version() -> Outcome:
    import platform  # noqa: PLC0415 - `forge --help` does without

    versions: Versions = {
        "forge": __version__,
        "copier": COPIER_VERSION,
        "python": platform.python_version(),
    }
    words = f"forge {__version__}, copier {versions['copier']}, Python {versions['python']}"
    return Outcome(versions, (words,), bare=True)
