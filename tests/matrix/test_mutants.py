"""The faults that the mutation script puts into code."""

from pathlib import Path

import pytest

from tests.matrix.mutants import mutants, mutated
from tests.matrix.mutation import nearest_first, sources


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
        ("log.info('It is so')", "line 1 dropped", "pass"),
        ("f(description=a)", "argument dropped: description=a", "f()"),
        ("raise E(a, {'B': 'c d'})", "constant changed", "raise E(a, {'B': 'c dx'})"),
        ("f('max-age=5, no-store')", "constant changed", "f('max-age=5, no-storex')"),
        ("f('SELECT a FROM b')", "constant changed", "f('SELECT a FROM bx')"),
        ("f(limit=3)", "constant changed", "f(limit=4)"),
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
        "def f():\n    return None",
        "class A:\n    @abstractmethod\n    def f(self): ...",
        "x = 'It is so, and will be'",
        "x = f('It is so', description='b')",
        "x = {y: 'It is so'}",
        "x = {**a, y: 'It is so'}",
        "__all__ = ['a']",
        "WAIT = 3.0",
        "T = TypeVar('T', bound=A)",
        "x = zip(a, b, strict=True)",
    ],
)
def test_nothing_to_break(source: str) -> None:
    assert faulty(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("log.info('client left')", ["pass"]),
        ("raise E('must be so')", ["pass"]),
        ("x = f(description='a', timeout=5)", ["x = f(description='a')"]),
        ("x = {'description': 'a'}", ["x = {'descriptionx': 'a'}"]),
        ("x['timeout'] = 30", ["x['timeoutx'] = 30"]),
        ("x = f(wait=True)", ["x = f()", "x = f(wait=False)"]),
    ],
)
def test_other_places_of_a_line_are_broken(source: str, expected: list[str]) -> None:
    assert [result for _, _, result in faulty(source)] == expected


def test_line_is_that_of_the_source() -> None:
    assert [line for line, _, _ in faulty("a = b\n\nc = d == e\n")] == [3]


def test_tests_that_lie_like_the_broken_file_run_first(tmp_path: Path) -> None:
    for name in ("test_app.py", "kit/test_body.py", "kit/test_logging.py", "kit/conftest.py"):
        file = tmp_path / "tests" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()

    assert nearest_first(tmp_path, "app/kit/body.py") == [
        "tests/kit/test_body.py",
        "tests/kit/test_logging.py",
        "tests/test_app.py",
    ]


def test_file_of_several_rooms_is_broken_in_each() -> None:
    rooms = {rooms for path, rooms in sources("auth") if path == "app/auth/limits.py"}

    assert rooms == {("auth", "redis"), ("auth", "without_redis")}
