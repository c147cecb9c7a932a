"""The pages: one for each feature, no dead link, no command line that forge would refuse."""

import re
import shlex
from pathlib import Path

import pytest

from fastapi_forge.cli.commands import COMMON, command_called
from fastapi_forge.cli.options import Flag, flags_of
from fastapi_forge.template.catalog import Catalog, Feature, load_catalog

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "templates" / "project"
INDEX = ROOT / "docs" / "README.md"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CATALOG = load_catalog(ROOT / "templates")
FEATURES = list(CATALOG.features.values())

FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACEHOLDER = re.compile(r"[A-Z]+")


def settings_of(feature: str) -> set[str]:
    """Return the names in `.env.example` that the feature's room, and rooms in it, bring."""
    parts = (PROJECT / f"{{{{{feature}}}}}").rglob("_parts/env")
    lines = [line for part in parts for line in part.read_text().splitlines()]
    return {line.lstrip("# ").split("=")[0] for line in lines if "=" in line}


def links_of(page: Path) -> list[str]:
    """Return the relative links of a page, without fragments, outside of code."""
    prose = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text()))
    targets = [target.partition("#")[0] for target in LINK.findall(prose)]
    return [target for target in targets if target and ":" not in target]


def command_lines_of(page: Path) -> list[str]:
    """Return the lines of fenced blocks that call forge, what precedes `forge` cut off."""
    lines = [line for block in FENCED.findall(page.read_text()) for line in block.splitlines()]
    parts = [part.strip().removeprefix("$ ") for line in lines for part in line.split("&&")]
    calls = [re.sub(r"^uv run (-\S+ )*", "", part) for part in parts]
    return [call for call in calls if call.startswith("forge ")]


def objection(line: str, catalog: Catalog) -> str:
    """Tell what forge would refuse in a command line; empty where nothing."""
    words = shlex.split(line, comments=True)[1:]
    command = command_called(words[0])
    if command is None:
        return f"no command {words[0]}"
    flags = {
        spelling: flag
        for flag in (*flags_of(command, catalog), *COMMON)
        for spelling in flag.spellings
    }
    rest = iter(words[1:])
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            fault = argument_objection(word, catalog) if command.about_features else ""
        elif name not in flags:
            fault = f"no flag {name}"
        else:
            flag = flags[name]
            fault = value_objection(flag, value if equals or not flag.metavar else next(rest, ""))
        if fault:
            return fault
    return ""


def argument_objection(word: str, catalog: Catalog) -> str:
    name, _, kind = word.partition("=")
    if PLACEHOLDER.fullmatch(name):
        return ""
    feature = catalog.features.get(name)
    if feature is None:
        return f"no feature {name}"
    return "" if not kind or kind in feature.values else f"no kind {kind}"


def value_objection(flag: Flag, value: str) -> str:
    if bool(flag.metavar) != bool(value):
        return f"{flag.name} with value {value!r}"
    return f"no choice {value}" if flag.choices and value not in flag.choices else ""


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_has_its_page(feature: Feature) -> None:
    assert feature.docs == f"docs/features/{feature.name}.md"
    assert (ROOT / feature.docs).is_file(), f"write {feature.docs}"
    assert f"features/{feature.name}.md" in links_of(INDEX)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_page_names_kinds_and_settings(feature: Feature) -> None:
    named = set(re.findall(r"`([^`\n]+)`", (ROOT / feature.docs).read_text()))
    assert {*feature.values, *settings_of(feature.name)} - named == set()


def test_every_page_is_of_a_feature() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "features").glob("*.md")}
    assert pages == set(CATALOG.features)


def test_the_index_is_linked_and_in_order() -> None:
    assert "docs/README.md" in links_of(ROOT / "README.md")
    listed = [Path(link).stem for link in links_of(INDEX) if link.startswith("features/")]
    assert listed == list(CATALOG.features)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    assert [link for link in links_of(page) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_lines_parse(page: Path) -> None:
    faults = {line: objection(line, CATALOG) for line in command_lines_of(page)}
    assert {line: fault for line, fault in faults.items() if fault} == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("forge frobnicate", "no command"),
        ("forge add auth --frobnicate", "no flag"),
        ("forge add nothing", "no feature"),
        ("forge add versioning=cookie", "no kind"),
        ("forge new shop --versioning cookie", "no choice"),
        ("forge add auth --dry-run=yes", "with value"),
        ("forge new shop --preset", "with value"),
    ],
)
def test_a_wrong_command_line_is_found(line: str, fault: str) -> None:
    assert fault in objection(line, CATALOG)
