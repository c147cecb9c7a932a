from collections.abc import AsyncIterator, Sequence

import pytest

from app.kit.csv import chunks, neutral


@pytest.mark.parametrize("first", list("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
def test_formula_is_neutralised(first: str) -> None:
    assert neutral(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["", "a=1", "1", "'=1"])
def test_other_text_stays(text: str) -> None:
    assert neutral(text) == text


async def test_pieces_are_small() -> None:
    rows = [[str(number), "\U0001f600" * 10_000] for number in range(20)]

    async def batches() -> AsyncIterator[Sequence[Sequence[str]]]:
        yield rows

    pieces = [piece async for piece in chunks(["a", "b"], batches(), list)]

    lines = [f"{','.join(row)}\r\n" for row in [["a", "b"], *rows]]
    assert b"".join(pieces) == "".join(lines).encode()
    assert max(map(len, pieces)) < 2 * 2**16
    assert len(pieces) < len(rows)
