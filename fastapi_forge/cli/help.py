"""The help texts, made of the commands' and the catalogue's data. A flag is never cut."""

from itertools import groupby
from typing import TYPE_CHECKING

from fastapi_forge.cli.commands import COMMANDS, COMMON, TOP
from fastapi_forge.cli.options import Command, Flag, Group, flags_of
from fastapi_forge.output.look import Look

if TYPE_CHECKING:
    from fastapi_forge.template.catalog import Catalog, Feature

EXIT_CODES = (
    ("0", "done"),
    ("1", "failed, or --check found something to do"),
    ("2", "wrong use, or a missing answer"),
    ("3", "conflicts: nothing was written, or marks with --conflicts=inline"),
    ("130", "interrupted"),
)


def overview(look: Look) -> list[str]:
    """`forge --help`."""
    lines = [
        *look.wrap(
            "Generates FastAPI projects, and goes on serving them after you have edited them."
        ),
        "",
        look.heading("Example"),
        "  forge new myapi --with-graphql",
        "  cd myapi",
        "  forge add versioning=header",
    ]
    for group in Group:
        commands = [command for command in COMMANDS if command.group is group]
        width = max(len(command.name) for command in COMMANDS)
        rows = [(command.name.ljust(width), command.summary) for command in commands]
        lines += ["", look.heading(group), *look.table(rows)]
    lines += ["", look.heading("Flags"), *look.table(_row(flag) for flag in (*COMMON, *TOP))]
    lines += [
        "",
        look.heading("Exit codes"),
        *look.table((c.rjust(3), words) for c, words in EXIT_CODES),
    ]
    lines += [
        "",
        *look.wrap("forge COMMAND --help shows a command, forge features what can be chosen."),
    ]
    return lines


def of_command(command: Command, catalog: "Catalog", look: Look) -> list[str]:
    """`forge COMMAND --help`: an example first, then usage and flags."""
    lines = [*look.wrap(f"{command.summary}."), "", look.heading("Example")]
    lines += [f"  {example}" for example in command.examples]
    lines += ["", look.heading("Usage"), f"  {command.usage}"]
    if command.argument:
        lines += ["", *look.table([(command.argument.metavar, command.argument.help)])]
    if command.about_features:
        lines += ["", look.heading("Features"), *_features(catalog, look)]
    flags = sorted(flags_of(command, catalog), key=lambda flag: _SECTIONS.index(flag.section))
    for section, members in groupby((*flags, *COMMON), key=lambda flag: flag.section):
        title = "Answers" if section == "Features" and command.about_features else section
        lines += ["", look.heading(title), *look.table(_row(flag) for flag in members)]
    return lines


_SECTIONS = ("Flags", "Features", "Project", "Everywhere")


def _row(flag: Flag) -> tuple[str, str]:
    spelled = ", ".join(flag.spellings)
    shown = f"{spelled} {flag.metavar}" if flag.metavar else spelled
    named = bool(flag.choices) and not any(choice in flag.help for choice in flag.choices)
    return shown, f"{flag.help}: {', '.join(flag.choices)}" if named else flag.help


def _features(catalog: "Catalog", look: Look) -> list[str]:
    return look.table((feature.name, _facts(feature)) for feature in catalog.features.values())


def _facts(feature: "Feature") -> str:
    parts = [feature.description]
    if feature.kinds:
        parts.append(f"kinds: {', '.join(feature.values)}")
    if feature.requires:
        parts.append(f"requires {', '.join(feature.requires)}")
    if feature.conflicts:
        parts.append(f"excludes {', '.join(feature.conflicts)}")
    return "; ".join(parts)
