"""What makes two pieces of Python the same code."""

import pytest

from fastapi_forge.merging.statements import statements

SAME = [
    ("x = 'a'", 'x = "a"'),
    ('x = "a" "b"', 'x = "ab"'),
    ('f("a" "b")', 'f(\n    "a"\n    "b"\n)'),
    ("f(a, b)", "f(\n    a,\n    b,\n)"),
    ("f(a)", "f(\n    a,\n)"),
    ("x = [a]", "x = [\n    a,\n]"),
    ("x = {a: 1}", "x = {\n    a: 1,\n}"),
    ("from a import (b)", "from a import (\n    b,\n)"),
    ("x[1, 2]", "x[\n    1,\n    2,\n]"),
    ("x = (1, 2)", "x = (\n    1,\n    2,\n)"),
    ("f(a)  # why", "f(\n    a,\n)  # why"),
    ("x = 0XFF", "x = 0xff"),
    ("x = f'{a}'", 'x = f"{a}"'),
    ("x = f'{a!r} b' 'c'", 'x = f"{a!r} b" "c"'),
    ("x = f'{a:{b}}'", 'x = f"{a:{b}}"'),
    ("x = rb'\\d'", 'x = rb"\\d"'),
]
OTHER = [
    ("x = (1)", "x = (1,)"),
    ("return (a)", "return (a,)"),
    ("x[1]", "x[1,]"),
    ("match (a):", "match (a,):"),
    ("x = 'a'", "x = b'a'"),
    ("x = 1", "x = 1.0"),
    ("x = f'{a}'", "x = f'{b}'"),
    ("x = f'{a=}'", "x = f'{a = }'"),
    ("x = a  # one", "x = a  # two"),
    ("x = a", "    x = a"),
    ("x = a\n(b)", "x = a(b)"),
    ("x = '''a\n b'''", "x = '''a\n  b'''"),
]


def keys(source: str) -> list[tuple[str, ...]]:
    return [one.key for one in statements(f"{source}\n")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_layout_makes_no_difference(one: str, other: str) -> None:
    assert keys(one) == keys(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_meaning_makes_one(one: str, other: str) -> None:
    assert keys(one) != keys(other)


def test_brackets_around_a_whole_leave_its_meaning() -> None:
    for one, other in (
        ("x = a + b", "x = (\n    a\n    + b\n)"),
        ("if a and b:", "if (\n    a\n    and b\n):"),
        ("elif a:", "elif (a):"),
        ("from a import b, c", "from a import (\n    b,\n    c,\n)"),
        ("with a as b, c as d:", "with (\n    a as b,\n    c as d,\n):"),
    ):
        (left,), (right,) = (statements(f"{x}\n") for x in (one, other))
        assert left.meaning == right.meaning


def test_each_statement_knows_its_lines() -> None:
    found = statements(
        '"""Doc."""\n\n# remark\nx = [\n    1,\n\n    2,\n]\nif x:\n    y = f"{x}"\n'
    )
    assert [(one.first, one.end) for one in found] == [(0, 1), (2, 3), (3, 8), (8, 9), (9, 10)]
