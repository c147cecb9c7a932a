"""The page of benchmarks, and the blocks that scripts write into it."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BLOCKS = re.findall(r"^<!-- (\w+) -->$", PAGE.read_text("utf-8"), re.MULTILINE)


def script(name: str) -> ModuleType:
    """A module of the folder of benchmarks, which is no package."""
    found = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def page(tmp_path: Path) -> ModuleType:
    """The module that writes, with a page of its own."""
    module = script("page")
    module.PAGE = tmp_path / "page.md"  # type: ignore[attr-defined]
    module.PAGE.write_text(PAGE.read_text("utf-8"), "utf-8")
    return module


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_written_by_the_script_that_is_named(block: str) -> None:
    assert (ROOT / "benchmarks" / f"{block}.py").is_file()
    before = PAGE.read_text("utf-8").split(f"<!-- {block} -->")[0]
    assert f"`python benchmarks/{block}.py --write`" in before.rpartition("\n## ")[2]


@pytest.mark.parametrize("block", BLOCKS)
def test_writing_replaces_the_block_alone(page: ModuleType, block: str) -> None:
    before = page.PAGE.read_text("utf-8")
    page.write(block, "what was found before")
    page.write(block, "found now")
    after = page.PAGE.read_text("utf-8")
    assert f"<!-- {block} -->\nfound now\n<!-- /{block} -->" in after
    assert "what was found before" not in after
    outside = re.compile(rf"(<!-- {block} -->\n).*?(<!-- /{block} -->)", re.DOTALL)
    assert outside.sub("", after) == outside.sub("", before)


def test_a_table_is_words_and_figures(page: ModuleType) -> None:
    assert page.table(["", "time"], [["one", "1 s"]]) == "|  | time |\n| --- | --: |\n| one | 1 s |"


REPORT = """
<testsuites><testsuite>
<testcase name="test_own_suite[auth,database=postgres]" time="3.5">
<properties><property name="suite" value="run" /></properties></testcase>
<testcase name="test_own_suite[ci]" time="0.5">
<properties><property name="suite" value="equal" /></properties></testcase>
<testcase name="test_lint[ci]" time="1.0"><failure>no</failure></testcase>
<testcase name="test_lint[auth,database=postgres]" time="1.0"><skipped>no</skipped></testcase>
</testsuite></testsuites>
"""


def test_combinations_are_counted(page: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "page", page)
    matrix = script("matrix")
    text = matrix.told(matrix.figures(ElementTree.fromstring(REPORT), 90.0), 2)
    assert "2 combinations, 1 of them on PostgreSQL and 0 with graphene" in text
    assert "1 failed, 2 passed, 1 skipped, in 1.5 minutes with 2 workers" in text
    assert "| own suite | 2 | 1 | 4 s |" in text


@pytest.mark.parametrize("extent", ["quick", "subsets", "full"])
def test_a_page_has_each_extent(extent: str) -> None:
    text = (ROOT / "docs" / "matrix.md").read_text("utf-8")
    assert f"<!-- {extent} -->" in text
    assert f"<!-- /{extent} -->" in text
