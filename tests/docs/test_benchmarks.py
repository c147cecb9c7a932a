"""The page of benchmarks, and the blocks that scripts write into it."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BLOCKS = re.findall(r"^<!-- (\w+) -->$", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.fixture
def page(tmp_path: Path) -> ModuleType:
    """The module that writes, with a page of its own."""
    found = importlib.util.spec_from_file_location("page", ROOT / "benchmarks" / "page.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
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
    page.write(block, "first")
    page.write(block, "second")
    after = page.PAGE.read_text("utf-8")
    assert f"<!-- {block} -->\nsecond\n<!-- /{block} -->" in after
    assert "first" not in after
    outside = re.compile(rf"(<!-- {block} -->\n).*?(<!-- /{block} -->)", re.DOTALL)
    assert outside.sub("", after) == outside.sub("", before)


def test_a_table_is_words_and_figures(page: ModuleType) -> None:
    assert page.table(["", "time"], [["one", "1 s"]]) == "|  | time |\n| --- | --: |\n| one | 1 s |"
