import pytest

from app.kit.csv import neutral


@pytest.mark.parametrize("first", list("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
def test_formula_is_neutralised(first: str) -> None:
    assert neutral(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["", "a=1", "1", "'=1"])
def test_other_text_stays(text: str) -> None:
    assert neutral(text) == text
