"""The contract's own table: every line has a test, and the page that lists them is up to date."""

import importlib.util
from types import ModuleType

from tests.support.terminal import REPOSITORY


def page_maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_command_line", REPOSITORY / "docs" / "make_command_line.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_line_of_the_contract_has_a_test() -> None:
    assert [number for number, tests in page_maker().tests_by_line().items() if not tests] == []


def test_the_page_is_as_it_would_be_made() -> None:
    maker = page_maker()
    assert maker.PAGE.read_text("utf-8") == maker.page()
