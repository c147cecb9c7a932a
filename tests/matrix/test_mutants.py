"""The faults that the mutation script puts into code."""

import pytest

from tests.matrix.mutants import mutants, mutated


def faulty(source: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.what, mutated(source, each)) for each in mutants(source)]


@pytest.mark.parametrize(
    ("source", "what", "expected"),
    [
        ("a == b", "comparison changed", "a != b"),
        ("a and b", "and/or swapped", "a or b"),
        ("a + b", "operator changed", "a - b"),
        ("x = 4", "constant changed", "x = 5"),
        ("x = True", "constant flipped", "x = False"),
        ("f()", "line 1 dropped", "pass"),
        ("raise E", "line 1 dropped", "pass"),
        ("f(a=b)", "argument dropped: a=b", "f()"),
        ("[a for a in b if c]", "filter dropped", "[a for a in b]"),
        ("if a:\n    b = c", "condition negated", "if not a:\n    b = c"),
        ("@a\ndef f():\n    b = c", "decorator dropped: a", "def f():\n    b = c"),
        ("def f():\n    return a", "result dropped", "def f():\n    return None"),
    ],
)
def test_fault_is_put_in(source: str, what: str, expected: str) -> None:
    assert (what, expected) in [(done, result) for _, done, result in faulty(source)]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "x: int | None",
        "def f(a: A | B) -> C | D: ...",
        "if TYPE_CHECKING:\n    import a",
    ],
)
def test_nothing_to_break(source: str) -> None:
    assert faulty(source) == []


def test_line_is_that_of_the_source() -> None:
    assert [line for line, _, _ in faulty("a = b\n\nc = d == e\n")] == [3]
