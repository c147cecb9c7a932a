"""The shells that forge completes, and the code by which they ask."""

import os
from collections.abc import Sequence

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


def instruction() -> str | None:
    """What a shell that completes asks for (`complete_bash`); None where none does."""
    return next((os.environ[v] for p in PROGRAMS if (v := variable(p)) in os.environ), None)


def taken_out(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The command line without the shell that one of the flags names, and that shell.

    It may be left out, which no option with a value may in Typer.
    """
    words = list(arguments)
    at = next((n for n, word in enumerate(words) if word in FLAGS), len(words)) + 1
    shell = words.pop(at) if at < len(words) and not words[at].startswith("-") else ""
    return words, shell


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
