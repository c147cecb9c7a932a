"""Lines 16 to 18, 27 and 28 of the contract: colour, characters, widths, help, words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_forge.cli.commands import COMMANDS
from fastapi_forge.cli.options import Group
from fastapi_forge.template import catalog
from fastapi_forge.template.source import Source, read_source
from tests.cli.conftest import Opener
from tests.support.terminal import REPOSITORY, Forge, Result

ESC = "\x1b"
TOUR: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("new", "--help"),
    ("features",),
    ("features", "tenancy"),
    ("--version",),
    ("status",),
    ("add", "graphql", "--dry-run", "--diff"),
    ("add", "grapql"),
    ("add", "graphql"),
    ("diff",),
    ("check",),
    ("update",),
    ("undo",),
    ("remove", "example", "--dry-run"),
    ("nonsense",),
)


def tour(forge: Forge, project: Path, **env: str) -> list[Result]:
    """One of each kind of output."""
    return [forge(*arguments, cwd=project, code=None, env=env) for arguments in TOUR]


def test_16_there_is_no_colour_without_a_terminal(forge: Forge, project: Path) -> None:
    assert not any(ESC in result.out + result.err for result in tour(forge, project))


def test_16_colour_can_be_forced_and_no_color_wins(forge: Forge, project: Path) -> None:
    for arguments in (("status",), ("--help",), ("features",), ("add", "graphql", "--dry-run")):
        coloured = forge(*arguments, cwd=project, env={"FORCE_COLOR": "1"})
        plain = forge(*arguments, cwd=project, env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
        assert ESC in coloured.out
        assert re.sub(r"\x1b\[\d+m", "", coloured.out) == plain.out
    assert ESC in forge("nonsense", code=2, env={"FORCE_COLOR": "1"}).err
    assert ESC not in forge("status", "--json", cwd=project, env={"FORCE_COLOR": "1"}).out


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_16_a_terminal_can_be_spared_colour(
    at_terminal: Opener, project: Path, env: dict[str, str]
) -> None:
    for arguments in (("status",), ("--help",), ("add", "graphql", "--dry-run"), ("nonsense",)):
        terminal = at_terminal(*arguments, cwd=project, env=env)
        terminal.end()
        if "NO_COLOR" in env:
            assert not re.search(rb"\x1b\[[\d;]+m", terminal.raw)
        else:
            assert ESC.encode() not in terminal.raw


def test_16_a_terminal_gets_colour(at_terminal: Opener, project: Path) -> None:
    terminal = at_terminal("status", cwd=project)
    terminal.end()
    assert b"\x1b[1m" in terminal.raw


def test_16_all_words_are_ascii_where_the_stream_is_not_utf_8(forge: Forge) -> None:
    project = forge.new("--description", "Café")
    (project / "README.md").write_text("é\n")
    for arguments in TOUR:
        result = forge.process(
            *arguments, cwd=project, code=None, env={"PYTHONIOENCODING": "ascii"}
        )
        assert (result.out + result.err).isascii()
    assert "\\xe9" in forge.process("diff", cwd=project, env={"PYTHONIOENCODING": "ascii"}).out


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_17_help_fits_and_cuts_no_flag(forge: Forge, columns: str) -> None:
    env = {"COLUMNS": columns, "FORGE_TEMPLATES": str(REPOSITORY / "templates")}
    for arguments in (("--help",), ("features",), *((c.name, "--help") for c in COMMANDS)):
        lines = forge(*arguments, env=env).out.splitlines()
        wide = [line for line in lines if len(line) > int(columns) and "  forge " not in line]
        assert not wide
    text = forge("new", "--help", env=env).out
    for flag in ("--with-versioning", "--without-versioning", "--versioning KIND"):
        assert flag in text


@pytest.mark.parametrize("columns", [60, 200])
def test_17_what_is_to_be_pasted_is_never_wrapped(forge: Forge, columns: int) -> None:
    where = forge.fresh("a-long-directory-name-" * 5)
    env = {"COLUMNS": str(columns)}
    result = forge("new", "myapi", "-y", "--no-git", "--output-dir", str(where), env=env)
    assert result.steps[0] == f"cd {where / 'myapi'}"
    (where / "myapi" / "mine.txt").write_text("x")
    error = forge("new", "myapi", "-y", "--output-dir", str(where), code=2, env=env).err
    assert len(error.splitlines()) == 2


def test_18_help_groups_the_commands_an_example_first(forge: Forge) -> None:
    text = forge("--help").out
    assert forge("-h").out == text == forge().out
    places = [text.index(f"\n{heading}\n") for heading in ("Example", *Group)]
    assert places == sorted(places)
    for command in COMMANDS:
        assert re.search(rf"^  {command.name} +{re.escape(command.summary)}$", text, re.MULTILINE)
        own = forge(command.name, "--help").out
        assert own.index("Example\n  forge ") < own.index("Usage")
        assert forge(command.name, "-h").out == own


def test_18_the_help_of_add_and_of_a_feature_show_kinds_and_requirements(forge: Forge) -> None:
    text = " ".join(forge("add", "--help").out.split())
    assert "kinds: path, header" in text
    assert "requires auth" in text
    one = forge("features", "versioning").out
    for words in ("kind header", "API-Version", "--sunset", "forge add versioning"):
        assert words in one
    assert "requires auth" in forge("features", "redis").out
    assert "requires database=postgres" in forge("features", "tenancy").out
    assert "required by" in forge("features", "auth").out
    assert "jwt-scopes" in forge("features", "JWT-Scopes").out


def test_18_commands_have_no_abbreviations(forge: Forge) -> None:
    for command in ("feat", "stat", "upd", "ad"):
        forge(command, code=2)


HEAVY = {"jinja2", "pathspec", "pydantic", "questionary", "rich", "tomlkit"}


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], {*HEAVY, "typer", "yaml"}),
        (["new", "--help"], HEAVY),
        (["features"], HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_18_what_only_shows_loads_nothing_heavy(
    forge: Forge, arguments: list[str], heavy: set[str]
) -> None:
    code = (
        f"import sys; from fastapi_forge.cli.app import run; run({arguments}); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=forge.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "fastapi_forge.cli.app" in loaded
    assert not heavy & loaded


@pytest.mark.parametrize(
    ("arguments", "times"),
    [
        (("status",), 1),
        (("diff",), 1),
        (("check",), 1),
        (("features",), 1),
        (("update",), 1),
        (("add", "ci"), 1),
        (("remove", "example"), 1),
        (("undo",), 1),
        (("restore", "README.md"), 1),
        (("new", "other", "-y", "--no-git"), 1),
        (("add", "--help"), 1),
        (("--help",), 0),
    ],
    ids=str,
)
def test_18_a_run_reads_the_catalogue_once(
    forge: Forge,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    times: int,
) -> None:
    read: list[Path] = []

    def counted(root: Path) -> Source:
        read.append(root)
        return read_source(root)

    monkeypatch.setattr(catalog, "read_source", counted)
    forge(*arguments, cwd=project, code=None)
    assert len(read) == times


def test_27_version_is_one_line(forge: Forge) -> None:
    pattern = r"forge \d\S*, copier \d\S*, Python \d\S*\n"
    assert re.fullmatch(pattern, forge("--version").out)
    assert forge("--version", "--json").data["forge"] in forge("--version").out


def test_27_nothing_asks_the_network(forge: Forge) -> None:
    spy = forge.fresh("spy")
    (spy / "sitecustomize.py").write_text(
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event in ('socket.getaddrinfo', 'socket.connect', 'socket.gethostbyname'):\n"
        "        raise SystemExit(f'network: {event}')\n"
        "sys.addaudithook(watch)\n"
    )
    env = {"PYTHONPATH": f"{spy}:{REPOSITORY}"}
    forge.process("new", "myapi", "-y", env=env)
    for arguments in (("add", "graphql"), ("update",), ("status",), ("undo",), ("check",)):
        forge.process(*arguments, cwd=forge.here / "myapi", env=env)


def test_28_the_words_are_plain(forge: Forge, project: Path) -> None:
    said = [result for result in tour(forge, project) if "--diff" not in result.arguments]
    for result in said:
        text = result.out + result.err
        assert text.isascii()
        assert "!" not in re.sub(r"!=", "", text) or result.arguments == ("diff",)
        for line in text.splitlines():
            assert not re.match(r"(?:error|hint): [A-Z][a-z]+ed\b", line)
        for synonym in (r"\binstall(?:ed|ing)? feature", r"\bdelete feature", r"\bupgrade project"):
            assert not re.search(synonym, text, re.IGNORECASE)
