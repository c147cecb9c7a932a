"""Lines 6, 7, 9 and 22 of the contract: what is asked at a terminal, and how it is broken off."""

import subprocess
from pathlib import Path

import pytest

from fastapi_forge.cli.commands import COMMANDS
from tests.cli.conftest import Opener
from tests.support.terminal import (
    CTRL_C,
    CTRL_D,
    DOWN,
    ENTER,
    ESCAPE,
    SPACE,
    UP,
    Forge,
    everything,
)

ABORTED = "Aborted; nothing was changed."
NAME, START, FEATURES = "Name of the project", "What to start with", "Features (Space"
CONFIRM = "Create it?"


@pytest.mark.parametrize(
    "silence",
    [
        {"CI": "1"},
        {"CI": "true"},
        {"FORGE_NO_INPUT": "1"},
        ("--no-input",),
        ("-y",),
        ("--json",),
    ],
    ids=str,
)
def test_06_nothing_is_asked_where_nobody_may_be_asked(
    forge: Forge, at_terminal: Opener, silence: dict[str, str] | tuple[str, ...]
) -> None:
    env = silence if isinstance(silence, dict) else {}
    flags = silence if isinstance(silence, tuple) else ()
    terminal = at_terminal("new", *flags, env=env)
    assert terminal.end() == 2
    assert "forge new" in terminal.text


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_06_a_variable_that_says_no_does_not_count(at_terminal: Opener, value: str) -> None:
    at_terminal("new", env={"CI": value, "FORGE_NO_INPUT": value}).wait_for(NAME)


def test_06_no_command_waits_for_a_closed_standard_input(forge: Forge, project: Path) -> None:
    for command in COMMANDS:
        for where in (forge.here, project):
            forge.process(command.name, cwd=where, code=None, timeout=20)
    forge.process("new", code=2, timeout=20, stdin=subprocess.PIPE)


def test_07_all_defaults_make_the_base_and_the_example(forge: Forge, at_terminal: Opener) -> None:
    terminal = at_terminal("new", "--no-git")
    terminal.wait_for(NAME)
    terminal.send(f"askedapi{ENTER}")
    terminal.wait_for(START)
    terminal.send(ENTER)
    terminal.wait_for("Database (")
    terminal.send(ENTER)
    summary = terminal.wait_for(CONFIRM)
    assert "Features  example" in summary
    assert f"Project   askedapi, in {forge.here / 'askedapi'}"[:60] in summary
    assert not list(forge.here.iterdir())
    terminal.send(ENTER)
    assert terminal.end() == 0
    files = [path for path in (forge.here / "askedapi").rglob("*") if path.is_file()]
    assert f"Files     {len(files)} files" in summary
    assert f"Created askedapi ({len(files)} files)" in terminal.text


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_07_own_choice_asks_for_features_and_their_kinds(
    forge: Forge, at_terminal: Opener, columns: int
) -> None:
    terminal = at_terminal("new", "myapi", "--no-git", columns=columns)
    terminal.wait_for(START)
    terminal.send(UP + ENTER)
    listed = terminal.wait_for(FEATURES)
    assert "[x] example" in listed
    assert "Operations" in listed
    assert len(max(listed.splitlines(), key=len)) <= columns
    terminal.send(f"{DOWN}{DOWN}{SPACE}{DOWN}{DOWN}{DOWN}{SPACE}{ENTER}")
    assert "Also auth, because redis needs it" in terminal.wait_for("Versioning: which kind")
    terminal.send(DOWN + ENTER)
    terminal.wait_for("Database (")
    terminal.send(ENTER)
    terminal.wait_for("When the old version ends")
    terminal.send(ENTER)
    terminal.wait_for(CONFIRM)
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert "forge new myapi --with-auth --with-redis --versioning header -y" in terminal.text
    assert 'KIND = "header"' in (forge.here / "myapi/app/versioning/router.py").read_text()


def test_07_a_preset_raises_no_question_on_kinds(at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi", "--preset", "full")
    terminal.wait_for("Database (")
    terminal.send(ENTER)
    assert "tenancy=row" in terminal.wait_for(CONFIRM)


def test_07_what_was_said_is_not_asked(at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi", "--with-ci", "--database", "sqlite")
    assert START not in terminal.wait_for(CONFIRM)


def test_07_a_requirement_answers_the_question(at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi", "--tenancy", "schema")
    summary = terminal.wait_for(CONFIRM)
    assert "Database (" not in summary
    assert "database=postgres, because tenancy=schema needs it" in summary


def test_07_escape_goes_back_one_question(at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi")
    terminal.wait_for(START)
    terminal.send(UP + ENTER)
    terminal.wait_for(FEATURES)
    terminal.send(ESCAPE)
    terminal.wait_for("> choose")
    terminal.send(f"{UP}{UP}{UP}{UP}{ENTER}")
    terminal.wait_for("Database (")
    terminal.send(ESCAPE)
    terminal.wait_for("> plain")
    terminal.send(ENTER)
    terminal.wait_for("Database (")
    terminal.send(ENTER)
    terminal.wait_for(CONFIRM)
    terminal.send(ESCAPE)
    terminal.wait_for("> sqlite")


def test_07_a_bad_name_is_refused_at_once(at_terminal: Opener) -> None:
    terminal = at_terminal("new")
    terminal.wait_for(NAME)
    terminal.send(f"json{ENTER}")
    terminal.wait_for("standard library")


def test_07_a_terminal_without_cursor_keys_is_asked_line_by_line(
    forge: Forge, at_terminal: Opener
) -> None:
    terminal = at_terminal("new", "--no-git", env={"TERM": "dumb"})
    for question, answer in (
        (NAME, "x y"),
        ("letters, digits", "dumbapi"),
        ("5. choose", "choose"),
        ("Names, - for none", "nonsense"),
        ("unknown: nonsense", "graphql, ci"),
        ("GraphQL: which kind", "<"),
        ("Names, - for none [graphql ci]", ""),
        ("GraphQL: which kind", "9"),
        ("1 to 2", "2"),
        ("2. postgres", ""),
        (CONFIRM, "y"),
    ):
        terminal.wait_for(question)
        terminal.send(f"{answer}\n")
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.raw
    assert 'KIND = "graphene"' in (forge.here / "dumbapi/app/graphql/router.py").read_text()


def test_09_the_equivalent_command_gives_the_same_bytes(forge: Forge, at_terminal: Opener) -> None:
    flags = ("--with-graphql", "--description", "It's a 'quoted' \"text\"")
    terminal = at_terminal("new", "myapi", "--no-git", *flags, columns=60)
    for question in ("GraphQL: which kind", "Database (", CONFIRM):
        terminal.wait_for(question)
        terminal.send(ENTER)
    assert terminal.end() == 0
    said = next(line for line in terminal.text.splitlines() if line.startswith("  forge new myapi"))
    readme = (forge.here / "myapi" / "README.md").read_text()
    assert f"\n{said.strip()}\n" in readme
    elsewhere = forge.fresh("elsewhere")
    done = subprocess.run(
        ["bash", "-c", f'forge() {{ {" ".join(forge.command())} "$@" --no-git; }}; {said}'],
        cwd=elsewhere,
        env=forge.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, other = (everything(where / "myapi") for where in (forge.here, elsewhere))
    assert {p: c for p, c in one.items() if p != ".env"} == {
        p: c for p, c in other.items() if p != ".env"
    }


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize(
    "question", [NAME, START, FEATURES, "Versioning: which kind", "Database (", CONFIRM]
)
def test_22_breaking_off_at_any_prompt_changes_nothing(
    forge: Forge, at_terminal: Opener, question: str, key: str
) -> None:
    terminal = at_terminal("new")
    for asked, keys in (
        (NAME, ENTER),
        (START, UP + ENTER),
        (FEATURES, f"{DOWN}{DOWN}{SPACE}{ENTER}"),
        ("Versioning: which kind", ENTER),
        ("Database (", ENTER),
        ("When the old version ends", ENTER),
        (CONFIRM, ""),
    ):
        terminal.wait_for(asked)
        if asked == question:
            break
        terminal.send(keys)
    terminal.send(key)
    assert terminal.end() == 130
    assert ABORTED in terminal.text
    assert "Traceback" not in terminal.text
    assert not list(forge.here.iterdir())


def test_22_no_at_the_confirmation_changes_nothing(forge: Forge, at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi", "--with-ci", "--database", "sqlite")
    terminal.wait_for(CONFIRM)
    terminal.send("n" + ENTER)
    assert terminal.end() == 130
    assert ABORTED in terminal.text
    assert not list(forge.here.iterdir())


def test_16_prompts_are_ascii_and_on_stderr(forge: Forge, at_terminal: Opener) -> None:
    terminal = at_terminal("new", "myapi", env={"PYTHONIOENCODING": "ascii", "NO_COLOR": "1"})
    terminal.wait_for(START)
    assert all(byte < 128 for byte in terminal.raw)
