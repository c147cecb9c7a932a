"""What the pages tell one to type: it is typed here, and has to do what they show."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from fastapi_forge.template.catalog import Feature
from tests.conftest import ROOT
from tests.docs.test_pages import FEATURES, PAGES, command_lines_of
from tests.support.terminal import REPOSITORY, Forge

CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SESSIONS = [page for page in PAGES if CONSOLE.search(page.read_text("utf-8"))]
MARK = "--- exit "
MASKS = {r"\b\d+\.\d+ ?s\b": "N s", r"\b\d+ (files|create|change|passed)\b": r"N \1"}
BIN = {
    "uv": 'if [ "$1" = run ]; then shift; exec "$@"; fi\n',  # what is to be installed, is
    "forge": 'exec python -m fastapi_forge "$@"\n',
}


class Step(NamedTuple):
    """A command of a page, and what it shows."""

    command: str
    shown: str


def steps_of(page: Path) -> Iterator[Step]:
    """Yield the commands of a page: after `$`, what follows them after `>`, then the output."""
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *rest = part.splitlines()
            more = [line[2:] for line in rest if line.startswith("> ")]
            shown = [line for line in rest if not line.startswith("> ")]
            yield Step("\n".join([first, *more]), "\n".join(shown).strip())


def played(steps: list[Step], forge: Forge) -> Iterator[str]:
    """Type the commands into one shell; yield what each shows."""
    tools = forge.fresh("tools")
    for name, body in BIN.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}")
        (tools / name).chmod(0o755)
    environment = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), str(environment), os.environ["PATH"]])
    script = "".join(f"{step.command}\nprintf '\\n{MARK}%s\\n' $?\n" for step in steps)
    done = subprocess.run(
        ["bash", "--norc"],
        input=script,
        cwd=forge.here,
        env=forge.environment({"PATH": path, "COLUMNS": "100"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    yield from re.split(rf"^{MARK}\d+\n", done.stdout, flags=re.MULTILINE)[:-1]


def masked(text: str) -> str:
    for pattern, mask in MASKS.items():
        text = re.sub(pattern, mask, text)
    return text.strip() + "\n"


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """forge with its own template."""
    return Forge(tmp_path, REPOSITORY / "templates")


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_happens(page: Path, forge: Forge) -> None:
    steps = list(steps_of(page))
    shown = list(played(steps, forge))
    assert len(shown) == len(steps)
    checker = doctest.OutputChecker()
    for step, got in zip(steps, shown, strict=True):
        same = checker.check_output(masked(step.shown), masked(got), doctest.ELLIPSIS)
        assert same, f"{page.name}: $ {step.command}\n{got}"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_the_commands_of_a_feature_work(feature: Feature, forge: Forge) -> None:
    project = forge.new()
    for line in command_lines_of(ROOT / feature.docs):
        _, command, *words = line.partition("#")[0].split()
        where = forge.fresh("other") if command == "new" else project
        forge(command, *words, cwd=where, code=0)
