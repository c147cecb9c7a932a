"""What the parser read becomes a typed value."""

import pytest

from fastapi_forge.cli.commands import COMMANDS, COMMON
from fastapi_forge.cli.wanted import OnConflict, Wanted
from fastapi_forge.errors import UsageError

OF_THE_RUN = {"quiet", "verbose", "directory", "help"}


def test_every_flag_and_argument_has_its_field() -> None:
    flags = {flag.name for command in COMMANDS for flag in (*command.flags, *COMMON)}
    arguments = {command.argument.name for command in COMMANDS if command.argument}
    named = dict.fromkeys((flags | arguments) - OF_THE_RUN - {"conflicts"}, True)
    assert Wanted.of(named).said == {}


def test_what_is_no_flag_of_a_command_is_an_answer() -> None:
    wanted = Wanted.of({"features": ["ci"], "with_auth": True, "dry_run": True})
    assert wanted == Wanted(features=("ci",), dry_run=True, said={"with_auth": True})


@pytest.mark.parametrize(("said", "inline"), [({}, False), ({"conflicts": "inline"}, True)])
def test_conflicts_are_refused_unless_said(said: dict[str, str], inline: bool) -> None:
    assert Wanted.of(said).inline is inline
    assert Wanted.of({"conflicts": "refuse"}).conflicts is OnConflict.REFUSE
    with pytest.raises(UsageError, match="ours"):
        Wanted.of({"conflicts": "ours"})


@pytest.mark.parametrize("flag", ["yes", "json", "no_input"])
def test_each_of_these_forbids_questions(flag: str) -> None:
    assert not Wanted.of({}).silent
    assert Wanted.of({flag: True}).silent
