import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from graphql import GraphQLError, get_introspection_query
from httpx2 import AsyncClient

from app.graphql.limits import (
    check_answer,
    check_limits,
    page_sizes_of,
    parse_limited,
)
from tests.graphql.asking import ask, code, data

PAGE_SIZES = page_sizes_of(
    """
    type Query { things(first: Int! = 20): [Thing!]! }
    type Thing { name: String, things(first: Int! = 20): [Thing!]!, all(first: Int): Int }
    """
)


def fragment(name: str, selected: str, directives: str = "") -> str:
    return f"fragment {name} on Query {directives} " + "{ " + selected + " }"


NESTED = [fragment(f"f{n}", "a { ...f" + str(n + 1) + " }") for n in range(50)]
DOUBLED = [fragment(f"f{n}", f"...f{n + 1} ...f{n + 1}") for n in range(60)]
CHAINED = [fragment(f"f{n}", "a { " * 9 + f"...f{n + 1}" + " }" * 9) for n in range(16)]
BOMBS = {
    "depth": "{ a " * 11 + "}" * 11,
    "depth in fragments": " ".join(["{ ...f0 }", *NESTED, fragment("f50", "a")]),
    "inline fragments": "{ ... on Query " * 50 + "{ a }" + "}" * 50,
    "depth of introspection": '{ __type(name: "A")' + "{ ofType " * 20 + "}" * 21,
    "aliases": "{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}",
    "aliases in fragments": "{ ...f ...f ...f ...f }"
    + fragment("f", " ".join(f"a{n}: __typename" for n in range(8))),
    "doubled fragments": " ".join(["{ ...f0 }", *DOUBLED, fragment("f60", "a: b")]),
    "tokens": "{" + " a" * 999 + "}",
    "commas": "{ a }" + "," * 49_996,
    "one string": '{ a(b: "' + "x" * 1_000_000 + '") }',
    "directives": "{ __typename" + " @skip(if: false)" * 21 + "}",
    "first": "{ a: things(first: 500) b: things(first: 500) c: things(first: 1) }",
    "pages in pages": "{ things(first: 50) { things(first: 20) { name } } }",
    "pages in fragments": "{ things(first: 32) { ...f } }"
    + " fragment f on Thing { things(first: 32) { name } }",
    "chained fragments": " ".join(["{ ...f0 }", *CHAINED, fragment("f16", "a")]),
}


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Fail when more functions are called: a bound that no busy machine moves."""
    count = 0

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"
        assert count <= calls

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def check(query: str, **variables: Any) -> None:
    check_limits(parse_limited(query), variables, PAGE_SIZES)


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_at_once(query: str) -> None:
    with pytest.raises(GraphQLError) as refusal, at_most(50_000):
        check(query)

    assert refusal.value.extensions == {"code": "TOO_COMPLEX"}


@pytest.mark.parametrize(
    "query",
    [
        "{ a " * 10 + "}" * 10,
        '{ __type(name: "A") ' + "{ ofType " * 19 + "}" * 20,
        "{" + " ".join(f"a{n}: __typename" for n in range(30)) + "}",
        "{" + " a" * 998 + "}",
        "{ a }" + "," * 49_995,
        "{ ... on Query " * 49 + "{ a }" + "}" * 49,
        "{ __typename" + " @skip(if: false)" * 20 + "}",
        "{ things(first: 980) { name } b: things { name } }",
        "{ things(first: 20) { things(first: 49) { name } } }",
        "{ things(first: 20) { ...f } } fragment f on Thing { things(first: 49) }",
        "{ ...f } fragment f on Query { a ...g } fragment g on Query { b ...f }",
        get_introspection_query(),
    ],
)
def test_what_keeps_to_the_limits(query: str) -> None:
    check(query.replace("{ ofType }", "{ name }"))


def test_each_operation_counts() -> None:
    with pytest.raises(GraphQLError, match="10 levels"):
        check("query A { a } query B " + "{ a " * 11 + "}" * 11)


@pytest.mark.parametrize("given", [{"n": 999}, {"n": 999.0}, {"n": 1e300}, {}])
def test_variables_count(given: dict[str, float]) -> None:
    query = "query A($n: Int! = 999) { things(first: $n) { name } a: things(first: 2) }"

    check(query, n=998)
    with pytest.raises(GraphQLError, match="1000 nodes"):
        check(query, **given)


@pytest.mark.parametrize("given", [{}, {"n": None}, {"n": "x"}])
def test_page_has_its_default_size_where_none_is_given(given: dict[str, Any]) -> None:
    query = "query A($n: Int) { things(first: $n) { things(first: 49) { name } } }"

    for same in (query, query.replace("(first: $n)", "")):
        check(same, **given)
        with pytest.raises(GraphQLError, match="1000 nodes"):
            check(same.replace("49", "50"), **given)


def test_page_without_a_default_size_counts_once() -> None:
    check("{ things(first: 500) { all } }")
    with pytest.raises(GraphQLError, match="1000 nodes"):
        check("{ things(first: 501) { all } }")


def test_negative_numbers_do_not_count() -> None:
    with pytest.raises(GraphQLError, match="1000 nodes"):
        check("{ a: things(first: -500) b: things(first: 1001) }")


def test_directives_count_everywhere() -> None:
    query = "query A($b: Int X) X { c X ... on Query X { d } ...f X } "
    query = query.replace("X", "@a @a @a @a")

    check(query + fragment("f", "e"))
    with pytest.raises(GraphQLError, match="20 directives"):
        check(query + fragment("f", "e", "@a"))


@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS)
async def test_refusal_over_http(client: AsyncClient, query: str) -> None:
    answer = await ask(client, query)

    if len(query) > 900_000:
        assert answer.status_code in (400, 413)
    else:
        assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")


async def test_circular_fragments(client: AsyncClient) -> None:
    answer = await ask(
        client, "{ ...f } fragment f on Query { ...g } fragment g on Query { ...f }"
    )

    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")


async def test_fields_repeated_without_end(client: AsyncClient) -> None:
    few = await ask(client, "{" + " __typename" * 50 + "}")
    many = await ask(client, "{" + " __typename" * 300 + "}")

    assert few.status_code == 200
    assert (many.status_code, code(many)) == (400, "TOO_COMPLEX")


async def test_introspection_query_of_tools(client: AsyncClient) -> None:
    assert (await data(client, get_introspection_query()))["__schema"]


@pytest.mark.parametrize("node", [{"n" * 1_000: None}, [[1], "ä" * 500]])
def test_names_and_texts_of_an_answer_count(node: Any) -> None:
    check_answer({"page": [node] * 11_900})
    with pytest.raises(GraphQLError, match="bytes"):
        check_answer({"page": [object(), *[node] * 12_000]})


async def test_one_text_under_many_names(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.graphql.about.NAME", "x" * 1_000_000)
    names = [f"n{n}: name" for n in range(12)]

    answer = await ask(client, "{ service { " + " ".join(names) + " } }")

    assert (answer.status_code, code(answer)) == (400, "TOO_COMPLEX")
    assert answer.json().keys() == {"errors"}
    assert await data(client, "{ service { " + " ".join(names[1:]) + " } }")
