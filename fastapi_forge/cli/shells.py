"""The shells that forge completes: their code, and where it is installed."""

import os
from collections.abc import Sequence
from pathlib import Path

from fastapi_forge.errors import UsageError

PROGRAMS = ("forge", "forge-fastapi")
SHELLS = ("bash", "zsh", "fish")
FLAGS = ("--install-completion", "--show-completion")

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


class UnknownShellError(UsageError):
    """A shell that forge has no code for."""

    code = "unknown-shell"

    def __init__(self, shell: str) -> None:
        named = f"`{shell}`" if shell else "this shell"
        first, *others = SHELLS
        super().__init__(
            f"{named} is no shell that forge completes",
            f"forge --install-completion {first}; {' and '.join(others)} are the others",
        )


def taken_out(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The command line without the shell that one of the flags names, and that shell.

    It may be left out, which no option with a value may in Typer.
    """
    words = list(arguments)
    at = next((n for n, word in enumerate(words) if word in FLAGS), len(words)) + 1
    shell = words.pop(at) if at < len(words) and not words[at].startswith("-") else ""
    return words, shell


def known(shell: str) -> str:
    """The shell that was named, else the one that forge runs in. Raises UnknownShellError."""
    shell = shell or _surrounding()
    if shell not in SHELLS:
        raise UnknownShellError(shell)
    return shell


def _surrounding() -> str:
    import shellingham  # noqa: PLC0415

    try:
        return str(shellingham.detect_shell()[0])
    except (shellingham.ShellDetectionFailure, OSError):
        return Path(os.environ.get("SHELL", "")).name


def variable(program: str) -> str:
    """The variable by which a shell asks `program` for completions."""
    return f"_{program.replace('-', '_').upper()}_COMPLETE"


def script(shell: str, program: str) -> str:
    """The shell's code that asks `program` for completions."""
    function = program.replace("-", "_")
    return _SCRIPTS[shell].format(program=program, function=function, variable=variable(program))


def scripts(shell: str) -> str:
    """The shell's code for both of forge's names."""
    return "".join(script(shell, program) for program in PROGRAMS)


def install(shell: str) -> Path:
    """Write the script where the shell finds it; the file written."""
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
    path.write_text(scripts(shell), "utf-8")
    start = home / f".{shell}rc"
    line = f"source '{path}'\n"
    if shell == "zsh":
        line = f"autoload -Uz compinit && compinit\n{line}"
    before = start.read_bytes() if start.is_file() else b""
    if line.encode() not in before:
        gap = b"" if not before or before.endswith(b"\n") else b"\n"
        start.write_bytes(before + gap + line.encode())
    return path
