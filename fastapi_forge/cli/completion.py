"""What a shell offers at the cursor: from commands and catalogue, before Typer is loaded.

The environment variables are those of Typer's scripts: `_FORGE_COMPLETE=complete_bash` and so on.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge.cli.commands import COMMANDS, COMMON, TOP, command_called
from fastapi_forge.cli.options import Command, Flag, Values, flags_of
from fastapi_forge.cli.shells import PROGRAMS, SHELLS, instruction, script
from fastapi_forge.errors import ForgeError
from fastapi_forge.template.catalog import Answers, Catalog, load_catalog
from fastapi_forge.template.older import translated


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may stand at the cursor, and what it means."""

    value: str
    help: str = ""


def answer() -> int:
    """Answer the shell; the exit code.

    What goes wrong is silence: all that is written would stand at the cursor.
    """
    verb, _, shell = (instruction() or "").partition("_")
    if shell not in SHELLS or verb not in ("complete", "source"):
        return 1
    if verb == "source":
        sys.stdout.write(script(shell, PROGRAMS[0]))
        return 0
    try:
        found = list(_found_for(shell))
    except Exception:
        if os.environ.get("FORGE_DEBUG") == "1":
            raise
        return 1
    if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args" and shell == "fish":
        return 0 if found else 1
    for candidate in found:
        described = shell == "fish" and candidate.help
        told = f"{candidate.value}\t{candidate.help}" if described else candidate.value
        sys.stdout.write(f"{told}\n")
    return 0


def _found_for(shell: str) -> Iterator[Candidate]:
    words, at = _words_of(shell)
    before, word, cut = _joined(words[:at], words[at] if at < len(words) else "")
    for candidate in candidates(before[1:], word):
        yield Candidate(candidate.value.removeprefix(cut), candidate.help)


def _words_of(shell: str) -> tuple[list[str], int]:
    """The words of the line, the program first, and which of them the cursor is in."""
    if shell == "bash":
        line = os.environ.get("COMP_WORDS", "")
        words = line.split("\n") if "\n" in line else line.split()
        return words, int(os.environ.get("COMP_CWORD") or len(words))
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = line.split()
    return words, len(words) if not words or line[-1].isspace() else len(words) - 1


def _joined(before: list[str], word: str) -> tuple[list[str], str, str]:
    """Undo bash's splitting of `versioning=header` into three words.

    Returns the words before, the word at the cursor, and what of it the shell has already.
    """
    words: list[str] = []
    glue = False
    for one in before:
        if (one == "=" or glue) and words:
            words[-1] += one
        else:
            words.append(one)
        glue = one == "="
    if word == "=" and words:
        head = words.pop() + "="
        return words, head, head
    if glue and words:
        head = words.pop()
        return words, head + word, head
    return words, word, ""


def candidates(before: Sequence[str], word: str) -> Iterator[Candidate]:
    """What may stand at the cursor: `before` are the words after the program, `word` its begin."""
    catalog = load_catalog()
    command, directory, waiting = _read(before, catalog)
    flags = (*flags_of(command, catalog), *COMMON) if command else (*TOP, *COMMON)
    head, sign, _ = word.partition("=")
    if waiting:
        found = _values_of(waiting, catalog)
    elif sign and head.startswith("--"):
        named = next((flag for flag in flags if head in flag.spellings), None)
        told = _values_of(named, catalog) if named else iter(())
        found = (Candidate(f"{head}={one.value}", one.help) for one in told)
    elif word.startswith("-"):
        found = (Candidate(s, flag.help) for flag in flags for s in flag.spellings)
    elif command is None:
        found = (Candidate(one.name, one.summary) for one in COMMANDS)
    elif command.argument:
        found = _positional(
            command.argument.values, catalog, _answers_at(directory, catalog), word, before
        )
    else:
        found = iter(())
    return (candidate for candidate in found if candidate.value.startswith(word))


def _read(before: Sequence[str], catalog: Catalog) -> tuple[Command | None, Path, Flag | None]:
    """The command, the directory that `-C` leads to, and the flag that waits for its value."""
    command: Command | None = None
    directory = Path()
    flags: tuple[Flag, ...] = (*TOP, *COMMON)
    waiting: Flag | None = None
    for word in before:
        if waiting:
            directory = directory / word if waiting.name == "directory" else directory
            waiting = None
        elif word.startswith("-"):
            named = next((flag for flag in flags if word in flag.spellings), None)
            waiting = named if named and named.metavar else None
        elif command is None and (command := command_called(word)):
            flags = (*flags_of(command, catalog), *COMMON)
    return command, directory, waiting


def _values_of(flag: Flag, catalog: Catalog) -> Iterator[Candidate]:
    if flag.values is Values.PRESETS:
        return (Candidate(name) for name in catalog.presets)
    return (Candidate(choice) for choice in flag.choices)


def _positional(
    values: Values,
    catalog: Catalog,
    answers: Answers,
    word: str,
    before: Sequence[str],
) -> Iterator[Candidate]:
    """Features: for `add` those not there, for `remove` those there; kinds after the sign."""
    head, sign, _ = word.partition("=")
    if sign:
        feature = catalog.feature_called(head)
        kinds = feature.kinds if feature and values is Values.ABSENT else ()
        yield from (Candidate(f"{head}={kind.value}", kind.label) for kind in kinds)
        return
    for feature in catalog.features.values():
        on = answers.get(feature.key) is True
        wanted = {Values.ABSENT: not on, Values.PRESENT: on, Values.FEATURES: True}
        if wanted.get(values, False) and feature.name not in before:
            yield Candidate(feature.name, feature.description)


def _answers_at(directory: Path, catalog: Catalog) -> Answers:
    """The answers of the project that `directory` lies in; none where there is none."""
    from fastapi_forge.project.finding import find_project  # noqa: PLC0415
    from fastapi_forge.project.lock import LOCK_NAME, MAX_LOCK, read_header  # noqa: PLC0415

    root = find_project(directory)
    if root is None:
        return {}
    try:
        with (root / LOCK_NAME).open("rb") as file:
            answers, _ = read_header(file.readline(MAX_LOCK))
    except (OSError, ForgeError):
        return {}
    return translated(catalog, answers)
