"""The command line as Typer reads it, from the commands as data."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from fastapi_forge.cli.commands import COMMANDS, COMMON, TOP, command_called
from fastapi_forge.cli.options import Command, Flag, flags_of
from fastapi_forge.errors import UsageError
from fastapi_forge.template.catalog import Catalog, load_catalog


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed command line: the command and every value that was said.

    `catalog` is the one that the command's flags were read with; there is none without a command.
    """

    command: Command | None
    values: dict[str, Any] = field(default_factory=dict)
    catalog: Catalog | None = None


class CommandLineError(UsageError):
    """A command or flag that there is not, or an argument missing: the usage is shown too."""

    code = "command-line"

    def __init__(self, message: str, hint: str, command: Command | None = None) -> None:
        super().__init__(message, hint)
        self.usage = command.usage if command else "forge COMMAND [FLAGS]"


class HelpWanted(Exception):
    """`--help`, wherever it stands: of forge, or of a command and what can be chosen for it."""

    def __init__(self, command: Command | None, catalog: Catalog | None) -> None:
        super().__init__()
        self.command, self.catalog = command, catalog


class _Group(TyperGroup):
    """Builds only the command that is called, and knows the nearest names of an unknown one."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = command_called(cmd_name)
        return _typer_command(command) if command else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if command_called(args[0]) is None:
            _no_such_command(args[0])
        return super().resolve_command(ctx, args)


def _no_such_command(name: str) -> NoReturn:
    from fastapi_forge.template.wishes import nearest  # noqa: PLC0415

    if name.startswith("-"):
        raise CommandLineError(f"`{name}` is no flag of `forge`", "forge --help")
    near = nearest(name, [command.name for command in COMMANDS])
    hint = f"did you mean {' or '.join(near)}?" if near else "forge --help"
    raise CommandLineError(f"`{name}` is no command", hint)


def _typer_command(command: Command) -> Any:
    catalog = load_catalog()
    flags = (*flags_of(command, catalog), *COMMON)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(command.name, cls=TyperCommand, add_help_option=False)(
        _function(flags, command, catalog)
    )
    return _light(typer.main.get_command(app))


class _AsSaid:
    """Takes values as the command line has them, in place of Typer's conversion by pydantic.

    Typer would load pydantic and make an adapter for each flag, said or not: half of the time that
    `forge features` takes. All that forge's flags take is text and yes or no.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if param.multiple or param.nargs == -1:
            return list(value or ())
        return value


def _light(command: Any) -> Any:
    for parameter in command.params:
        parameter.get_runtime_param = _AsSaid
    return command


def _function(
    flags: Sequence[Flag], command: Command | None = None, catalog: Catalog | None = None
) -> Callable[..., Call]:
    """A function with one keyword parameter a flag: what Typer reads a command from."""

    def call(**values: Any) -> Call:
        said = {name: value for name, value in values.items() if _said(value)}
        return Call(command, said, catalog)

    def show_help(value: bool | None) -> None:
        if value:
            raise HelpWanted(command, catalog)

    parameters = [_parameter(flag, show_help) for flag in flags]
    if command and (argument := command.argument):
        annotation = list[str] if argument.many else str
        default = typer.Argument(None, metavar=argument.metavar)
        parameters.append(_keyword(argument.name, annotation, default))
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call


def _said(value: object) -> bool:
    return value is not None and value != []


def _parameter(flag: Flag, show_help: Callable[[bool | None], None]) -> inspect.Parameter:
    decls = [f"{flag.decls[0]}/{flag.off}", *flag.decls[1:]] if flag.off else flag.decls
    annotation = bool if not flag.metavar else list[str] if flag.many else str
    is_help = flag.name == "help"
    option = typer.Option(None, *decls, is_eager=is_help, callback=show_help if is_help else None)
    return _keyword(flag.name, annotation, option)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


_INTERRUPTED = 130  # what Typer makes of a KeyboardInterrupt


def parse(arguments: Sequence[str]) -> Call:
    """Read a command line.

    Raises CommandLineError for what it doesn't understand, HelpWanted for `--help`.
    """
    before: dict[str, Any] = {}
    top = _function((*TOP, *COMMON))

    def callback(**values: Any) -> None:
        before.update(top(**values).values)

    callback.__signature__ = inspect.signature(top)  # type: ignore[attr-defined]
    callback.__annotations__ = top.__annotations__
    app = typer.Typer(
        cls=_Group, add_completion=False, rich_markup_mode=None, invoke_without_command=True
    )
    app.callback(add_help_option=False, invoke_without_command=True)(callback)
    try:
        called = _light(typer.main.get_command(app)).main(
            list(arguments), prog_name="forge", standalone_mode=False
        )
    except typer.TyperException as error:
        raise _in_own_words(error, arguments) from error
    if called == _INTERRUPTED:
        raise KeyboardInterrupt
    if not isinstance(called, Call):
        return Call(None, before)
    directories = [*before.pop("directory", []), *called.values.pop("directory", [])]
    return replace(called, values={**before, **called.values, "directory": directories})


def _in_own_words(error: typer.TyperException, arguments: Sequence[str]) -> CommandLineError:
    """Typer's complaint as the two lines that forge prints."""
    from fastapi_forge.template.wishes import nearest  # noqa: PLC0415

    context = getattr(error, "ctx", None)
    command = next((c for word in arguments if (c := command_called(word))), None)
    where = f"forge {command.name}" if command else "forge"
    help_line = f"{where} --help"
    if wrong := getattr(error, "option_name", ""):
        if context is None:
            return CommandLineError(f"`{wrong}` {_complaint(error)}", help_line, command)
        known = [
            spelling for p in context.command.params for spelling in (*p.opts, *p.secondary_opts)
        ]
        near = nearest(wrong, [name for name in known if name.startswith("--")])
        hint = f"did you mean {' or '.join(near)}?" if near else help_line
        return CommandLineError(f"`{wrong}` is no flag of `{where}`", hint, command)
    message = " ".join(error.format_message().split()).rstrip(".").replace("'", "`")
    return CommandLineError(f"{message[:1].lower()}{message[1:]}", help_line, command)


def _complaint(error: typer.TyperException) -> str:
    return "takes no value" if "does not take" in error.message else "needs a value"
