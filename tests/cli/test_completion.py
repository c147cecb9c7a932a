"""Line 19 of the contract: completion in bash, zsh and fish."""

import os
import re
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.rooms.services import required
from tests.support.terminal import REPOSITORY, Forge


@pytest.fixture
def program(forge: Forge) -> dict[str, str]:
    """An environment in which `forge` is a command."""
    folder = forge.fresh("bin")
    (folder / "forge").write_text(f'#!/bin/sh\nexec {" ".join(forge.command())} "$@"\n')
    (folder / "forge").chmod(0o755)
    return forge.environment({"PATH": f"{folder}:{os.environ['PATH']}"})


def completed(forge: Forge, shell: str, line: str, cwd: Path) -> list[str]:
    """What is offered at the end of the line."""
    words = line.split(" ")
    env = {
        "_FORGE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    lines = forge.process(cwd=cwd, env=env).out.splitlines()
    return [line.split("\t")[0] for line in lines]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("forge stat", ["status"]),
        ("forge add ", ["auth", "versioning", "redis", "ci", "nginx"]),
        ("forge add a", ["auth"]),
        ("forge add auth --dry-run ", ["versioning", "redis", "ci", "nginx"]),
        ("forge -q add c", ["ci"]),
        ("forge remove ", ["tenancy", "example", "graphql"]),
        ("forge remove nginx", []),
        ("forge add versioning=", ["versioning=path", "versioning=header"]),
        ("forge add versioning=h", ["versioning=header"]),
        ("forge features t", ["tenancy"]),
        ("forge new x --preset s", ["standard"]),
        ("forge new x --database ", ["sqlite", "postgres"]),
        ("forge new x --versioning=h", ["--versioning=header"]),
        ("forge new x --with-g", ["--with-graphql"]),
        ("forge update --py", ["--python"]),
        ("forge status x", []),
    ],
)
def test_19_what_may_stand_at_the_cursor(
    forge: Forge, shell: str, line: str, offered: list[str]
) -> None:
    project = forge.new("--with-graphql", "--with-tenancy")
    assert completed(forge, shell, line, project) == offered


def test_19_the_project_is_found_from_below_and_through_c(forge: Forge) -> None:
    project = forge.new("--with-graphql")
    assert "graphql" in completed(forge, "bash", "forge remove ", project / "app")
    assert completed(forge, "bash", "forge -C myapi remove g", forge.here) == ["graphql"]
    assert completed(forge, "bash", "forge remove ", forge.here) == []
    (project / "forge.lock").write_text("no lock")
    assert completed(forge, "bash", "forge remove ", project) == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["forge", "add", "versioning", "=", "he"], ["header"]),
        (["forge", "add", "versioning", "="], ["path", "header"]),
        (["forge", "add", "versioning=he"], ["versioning=header"]),
        (["forge", "new", "x", "--graphql", "=", "g"], ["graphene"]),
        (["forge", "fea"], ["features"]),
    ],
    ids=" ".join,
)
def test_19_bash_itself_completes(
    forge: Forge, program: dict[str, str], words: list[str], offered: list[str]
) -> None:
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        'eval "$(forge --show-completion bash)"; '
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        '_forge_completion; printf "%s\\n" "${COMPREPLY[@]}"; complete -p forge forge-fastapi'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=forge.here,
        env=program,
        capture_output=True,
        text=True,
        check=True,
    )
    *found, _, _ = done.stdout.splitlines()
    assert found == offered
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("forge add versioning=", ["versioning=header", "versioning=path"]),
        ("forge add versioning=h", ["versioning=header"]),
        ("forge fea", ["features"]),
        ("forge new x --with-graphq", ["--with-graphql"]),
    ],
)
def test_19_fish_itself_completes(
    forge: Forge, program: dict[str, str], line: str, offered: list[str]
) -> None:
    script = f"forge --show-completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        [required("fish"), "-N", "-c", script],
        cwd=forge.here,
        env=program,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(line.split("\t")[0] for line in done.stdout.splitlines()) == offered


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("forge add versioning=h", "forge add versioning=header "),
        ("forge fea", "forge features "),
        ("forge new x --with-graphq", "forge new x --with-graphql "),
    ],
)
def test_19_zsh_itself_completes(
    forge: Forge, program: dict[str, str], line: str, completed: str
) -> None:
    environment = {**program, "TERM": "dumb"}
    shell = pexpect.spawn(
        required("zsh"), ["-f", "-i"], cwd=str(forge.here), env=environment, encoding="utf-8"
    )
    shell.sendline("autoload -Uz compinit && compinit -D -u")
    shell.sendline('eval "$(forge --show-completion zsh)" && print "rea"dy')
    shell.expect("ready\r")
    shell.send(f"{line}\t")
    shell.expect_exact(completed)
    shell.close(force=True)


@pytest.mark.parametrize(
    ("shell", "start"),
    [
        ("bash", ".bashrc"),
        ("zsh", ".zshrc"),
        ("fish", "config/fish/completions/forge.fish"),
    ],
)
def test_19_installing_writes_once(forge: Forge, shell: str, start: str) -> None:
    (forge.home / ".bashrc").write_text("# mine")
    for _ in range(2):
        said = forge.process("--install-completion", shell).out
    text = (forge.home / start).read_text()
    assert text.count("source '") == (0 if shell == "fish" else 1)
    assert shell in said
    if shell == "bash":
        assert text.startswith("# mine\nsource ")
        script = forge.home / "data" / "forge" / "completion.bash"
        subprocess.run(["bash", "-n", str(script)], check=True)


def test_19_an_unknown_shell_is_said(forge: Forge) -> None:
    env = {"_FORGE_COMPLETE": "complete_nonsense"}
    assert forge.process(env=env, code=1).out == ""
    for flag in ("--show-completion", "--install-completion"):
        result = forge.process(flag, "tcsh", code=2)
        hint = "forge --install-completion bash; zsh and fish are the others"
        assert result.err == f"error: `tcsh` is no shell that forge completes\nhint: {hint}\n"
    assert "forge-fastapi" in forge.process("--show-completion", "fish").out


@pytest.mark.parametrize(
    "wrong",
    [{"FORGE_TEMPLATES": "/nonexistent"}, {"COMP_CWORD": "x"}, {"COMP_CWORD": "-7"}],
    ids=str,
)
def test_19_what_goes_wrong_at_the_cursor_is_silence(forge: Forge, wrong: dict[str, str]) -> None:
    env = {"_FORGE_COMPLETE": "complete_bash", "COMP_WORDS": "forge\nadd\n", "COMP_CWORD": "2"}
    result = forge.process(env={**env, **wrong}, code=1)
    assert (result.out, result.err) == ("", "")


def test_19_installing_where_nothing_can_be_written_is_an_error_in_two_lines(
    forge: Forge,
) -> None:
    env = {"HOME": "/proc/nobody", "XDG_DATA_HOME": None}
    result = forge.process("--install-completion", "bash", env=env, code=1)
    assert re.fullmatch(r"error: `/proc/nobody.*`: .+\nhint: .+\n", result.err)
    assert result.out == ""


def test_19_installing_speaks_as_every_command_does(forge: Forge) -> None:
    data = forge.process("--install-completion", "bash", "--json").data
    assert data["path"] == str(forge.home / "data" / "forge" / "completion.bash")
    assert forge.process("-q", "--install-completion", "bash").out == ""
    assert forge.process("-q", "--show-completion", "bash").out.startswith("_forge_completion")
    assert forge.process("--show-completion", "bash", "--json").data["script"]


def test_19_answers_of_an_older_template_count_by_their_names_of_now(
    forge: Forge, project: Path
) -> None:
    forge("add", "auth", cwd=project)
    lock = project / "forge.lock"
    lock.write_text(lock.read_text().replace('"with_auth": true', '"with_jwt": true', 1))
    assert completed(forge, "bash", "forge remove a", project) == ["auth"]


def test_19_completion_loads_nothing_heavy(forge: Forge) -> None:
    root = {"FORGE_TEMPLATES": str(REPOSITORY / "templates")}
    env = forge.environment(
        {"_FORGE_COMPLETE": "complete_bash", "COMP_WORDS": "forge add ", **root}
    )
    done = subprocess.run(
        [*forge.command()[:1], "-X", "importtime", *forge.command()[1:]],
        env=env,
        cwd=forge.here,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "fastapi_forge.cli.completion" in loaded
    assert not {"typer", "jinja2", "pathspec", "pydantic", "questionary", "rich"} & loaded
