from pathlib import Path

import pytest

from app.kit.download import find_file, satisfiable
from app.kit.problem import NotFoundError, ProblemError


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-0", "bytes=0-0"),
        ("bytes=6-999", "bytes=6-10"),
        ("bytes=-5", "bytes=6-10"),
        ("bytes=-99", "bytes=0-10"),
        ("BYTES = 1-2, 4-", "bytes=1-2,4-10"),
        ("bytes=1-2,11-", "bytes=1-2"),
    ],
)
def test_good_range(header: str, ranges: str) -> None:
    assert satisfiable(header, 11) == ranges


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "lines=1-2",
        "bytes=5-2",
        "bytes=1-2-3",
        "bytes=--5",
        "bytes=\u00b2-",
        "bytes=1_0-",
        f"bytes={'9' * 19}-",
        "bytes=" + ",".join(["0-"] * 17),
    ],
)
def test_malformed_range_is_ignored(header: str) -> None:
    assert satisfiable(header, 11) is None


@pytest.mark.parametrize("header", ["bytes=11-", "bytes=99-100", "bytes=-0"])
def test_range_that_is_not_there(header: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        satisfiable(header, 11)

    assert refusal.value.status_code == 416


def test_name_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "hello.txt").touch()

    with pytest.raises(NotFoundError):
        find_file(tmp_path, "sub/../hello.txt")
