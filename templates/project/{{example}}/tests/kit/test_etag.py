import pytest

from app.kit.etag import etag, is_known, named_versions


@pytest.mark.parametrize(
    ("lines", "versions"),
    [
        ([], None),
        (["*"], None),
        (['"7"'], {7}),
        (['W/"7"'], {7}),
        (['"a,b", "7" , W/"8"'], {7, 8}),
        (['"7"', '"8"'], {7, 8}),
        (['"other"'], set()),
        (['"-7"'], set()),
        (['"\u0663"'], set()),
        ([f'"{2**31 - 1}", "{2**31}", "{"9" * 30}"'], {2**31 - 1}),
        (['"0",' * 100 + '"7"'], {0}),
        (["7"], set()),
        ([""], set()),
    ],
)
def test_named_versions(lines: list[str], versions: set[int] | None) -> None:
    found = named_versions(lines)

    assert (None if found is None else set(found)) == versions


def test_variants_do_not_meet() -> None:
    assert named_versions([etag(7, "a-")], "a-") == frozenset({7})
    assert named_versions([etag(7, "a-")], "b-") == frozenset()


@pytest.mark.parametrize("line", ['"7"', 'W/"7"', '"x", "7"', "*"])
def test_known_tag(line: str) -> None:
    assert is_known('"7"', [line])


@pytest.mark.parametrize("line", ['"8"', "7", ""])
def test_unknown_tag(line: str) -> None:
    assert not is_known('"7"', [line])
