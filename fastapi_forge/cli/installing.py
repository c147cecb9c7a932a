"""Completion installed: in which shell, and where it finds its code."""

import os
from pathlib import Path

from fastapi_forge.cli.shells import PROGRAMS, SHELLS, script, scripts
from fastapi_forge.errors import UsageError


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
