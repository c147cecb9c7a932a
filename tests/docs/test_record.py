"""The recording of `forge new` that the README shows."""

import re
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs import record
from tests.conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"


def words_of(picture: str) -> list[list[str]]:
    """The lines of each frame; how many files the template makes is nothing to hold it to."""
    return [
        [re.sub(r"\b\d+ files", "N files", "".join(line.itertext())) for line in frame]
        for frame in ElementTree.fromstring(picture).iter(f"{SVG}g")
    ]


@pytest.fixture(scope="module")
def drawn() -> str:
    """The picture, recorded now."""
    return record.drawn(record.frames())


def test_the_picture_is_what_the_program_shows(drawn: str) -> None:
    """After a change of the prompts: `python docs/record.py`."""
    assert words_of(record.PICTURE.read_text("utf-8")) == words_of(drawn)


def test_the_picture_says_nothing_of_the_machine(drawn: str) -> None:
    assert tempfile.gettempdir() not in drawn
    assert str(Path.home()) not in drawn
    assert not re.search(r" in \d+\.\d s", drawn)


def test_the_readme_shows_the_picture() -> None:
    assert str(record.PICTURE.relative_to(ROOT)) in (ROOT / "README.md").read_text("utf-8")
