"""Shell completion, answered from the commands' and the catalogue's data before Typer is loaded.

The environment variables are those of Typer's scripts: `_FORGE_COMPLETE=complete_bash` and so on.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge.cli.commands import COMMANDS, COMMON, TOP, command_called
from fastapi_forge.cli.options import Command, Flag, Values, flags_of
from fastapi_forge.template.catalog import Catalog, load_catalog

PROGRAMS = ("forge", "forge-fastapi")
SHELLS = ("bash", "zsh", "fish")
_FLAGS = ("--install-completion", "--show-completion")

_SCRIPTS = {
    "bash": """\
_{function}_completion() {{
    local IFS=$'\\n'
    COMPREPLY=( $(env COMP_WORDS="${{COMP_WORDS[*]}}" COMP_CWORD=$COMP_CWORD \\
        {variable}=complete_bash {program}) )
}}
complete -o default -F _{function}_completion {program}
""",
    "zsh": """\
#compdef {program}
_{function}_completion() {{
    local -a found
    found=("${{(@f)$(env _TYPER_COMPLETE_ARGS="${{words[1,$CURRENT]}}" \\
        {variable}=complete_zsh {program})}}")
    if [[ -n $found ]]; then compadd -a found; else _files; fi
}}
compdef _{function}_completion {program}
""",
    "fish": """\
complete --command {program} --no-files --arguments \\
    "(env {variable}=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \\
    _TYPER_COMPLETE_ARGS=(commandline -cp) {program})" \\
    --condition "env {variable}=complete_fish _TYPER_COMPLETE_FISH_ACTION=is-args \\
    _TYPER_COMPLETE_ARGS=(commandline -cp) {program}"
""",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may stand at the cursor, and what it means."""

    value: str
    help: str = ""


def requested(arguments: Sequence[str]) -> bool:
    """Whether a shell asks for completions, or the user for the scripts."""
    return _instruction() is not None or any(word in _FLAGS for word in arguments[:1])


def answer(arguments: Sequence[str]) -> int:
    """Answer the shell or the user; the exit code."""
    instruction = _instruction()
    if instruction is None:
        return _script_command(arguments)
    verb, _, shell = instruction.partition("_")
    if shell not in SHELLS or verb not in ("complete", "source"):
        return 1
    if verb == "source":
        sys.stdout.write(script(shell, PROGRAMS[0]))
        return 0
    found = list(_found_for(shell))
    if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args" and shell == "fish":
        return 0 if found else 1
    for candidate in found:
        described = shell == "fish" and candidate.help
        told = f"{candidate.value}\t{candidate.help}" if described else candidate.value
        sys.stdout.write(f"{told}\n")
    return 0


def _instruction() -> str | None:
    return next((os.environ[v] for p in PROGRAMS if (v := _variable(p)) in os.environ), None)


def _variable(program: str) -> str:
    return f"_{program.replace('-', '_').upper()}_COMPLETE"


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
        found = _positional(command.argument.values, catalog, _answers_at(directory), word, before)
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
    answers: Mapping[str, object],
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


def _answers_at(directory: Path) -> Mapping[str, object]:
    """The answers of the project that `directory` lies in; none where there is none."""
    here = directory.resolve()
    lock = next(
        (p / "forge.lock" for p in (here, *here.parents) if (p / "forge.lock").is_file()), None
    )
    if lock is None:
        return {}
    try:
        with lock.open(encoding="utf-8") as file:
            answers = json.loads(file.readline()).get("answers", {})
    except (OSError, ValueError, AttributeError):
        return {}
    return answers if isinstance(answers, dict) else {}


def script(shell: str, program: str) -> str:
    """The shell's code that asks `program` for completions."""
    function = program.replace("-", "_")
    return _SCRIPTS[shell].format(program=program, function=function, variable=_variable(program))


def _script_command(arguments: Sequence[str]) -> int:
    """`--show-completion [SHELL]` and `--install-completion [SHELL]`."""
    flag, *rest = arguments
    shell = rest[0] if rest and rest[0] in SHELLS else _shell()
    if shell not in SHELLS:
        sys.stderr.write(f"error: `{shell or 'the shell'}` is none that forge completes\n")
        sys.stderr.write(f"hint: name one: forge {flag} bash, zsh or fish\n")
        return 2
    if flag == "--show-completion":
        sys.stdout.write("".join(script(shell, program) for program in PROGRAMS))
        return 0
    path = install(shell)
    sys.stdout.write(f"Installed completion for {shell} in {path}; start a new shell to use it\n")
    return 0


def _shell() -> str:
    import shellingham  # noqa: PLC0415

    try:
        return str(shellingham.detect_shell()[0])
    except (shellingham.ShellDetectionFailure, OSError):
        return Path(os.environ.get("SHELL", "")).name


def install(shell: str) -> Path:
    """Write the script where the shell finds it; the file written."""
    code = "".join(script(shell, program) for program in PROGRAMS)
    home = Path.home()
    if shell == "fish":
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        for program in PROGRAMS:
            path = config / "fish" / "completions" / f"{program}.fish"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(script(shell, program), "utf-8")
        return config / "fish" / "completions" / f"{PROGRAMS[0]}.fish"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    path = data / "forge" / f"completion.{shell}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, "utf-8")
    start = home / f".{shell}rc"
    line = f"source '{path}'\n"
    if shell == "zsh":
        line = f"autoload -Uz compinit && compinit\n{line}"
    known = start.read_text("utf-8") if start.is_file() else ""
    if line not in known:
        gap = "" if not known or known.endswith("\n") else "\n"
        start.write_text(f"{known}{gap}{line}", "utf-8")
    return path
