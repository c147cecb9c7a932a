"""Limits on what one document may ask for, checked before anything is resolved."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    Lexer,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    Source,
    TokenKind,
    parse,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping
from pydantic_core import to_json

from app.graphql.errors import BAD_USER_INPUT, TOO_COMPLEX, failure
from app.graphql.measure import MAX_NESTING, Measure, NestingError, number
from app.kit.body import unstorable

MAX_LENGTH = 50_000
MAX_TOKENS = 1_000
MAX_DEPTH = 10
MAX_INTROSPECTION_DEPTH = 20
MAX_ALIASES = 30
MAX_DIRECTIVES = 20
MAX_NODES = 1_000
MAX_ANSWER_SIZE = 12_000 * MAX_NODES  # one text may have many names

# Validation compares every two fields of one name: this many units of work at most.
overlapping.MAX_COMPLEXITY_BUDGET = 10_000


def parse_limited(query: str) -> DocumentNode:
    """Parse a document of bounded length.

    Raises GraphQLError: `TOO_COMPLEX` over the bounds, `BAD_USER_INPUT` for text that
    no database can store, else a syntax error.
    """
    if len(query) > MAX_LENGTH:
        raise too_complex("characters", MAX_LENGTH)
    lexer = Lexer(Source(query))
    for _ in range(MAX_TOKENS + 1):
        token = lexer.advance()
        if token.kind is TokenKind.EOF:
            return parse(query)
        if unstorable(token.value or ""):
            raise failure(BAD_USER_INPUT, "Text must not hold NUL.")
    raise too_complex("tokens", MAX_TOKENS)


def check_limits(
    document: DocumentNode, variables: Mapping[str, Any], page_sizes: Mapping[str, int]
) -> None:
    """Refuse a document of which an operation asks for too much.

    `page_sizes` are the sizes that fields have without `first`: see `page_sizes_of`.
    Raises GraphQLError with the code `TOO_COMPLEX`.
    """
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            check_operation(Measure(document, definition, variables, page_sizes))


def check_answer(data: Any) -> None:
    """Refuse an answer of too many bytes, brackets and commas aside, before it is sent.

    Raises GraphQLError with the code `TOO_COMPLEX`.
    """
    size = 0
    rest = [data]
    while rest and size <= MAX_ANSWER_SIZE:
        value = rest.pop()
        if isinstance(value, dict):
            rest += [*value, *value.values()]
        elif isinstance(value, list):
            rest += value
        else:
            size += len(to_json(value))
    if size > MAX_ANSWER_SIZE:
        raise failure(TOO_COMPLEX, f"The answer has more than {MAX_ANSWER_SIZE} bytes.")


def check_operation(measure: Measure) -> None:
    try:
        cost = measure.total()
    except NestingError:
        raise too_complex("selections in each other", MAX_NESTING) from None
    for what, asked, limit in (
        ("levels", cost.depth, MAX_DEPTH),
        ("levels of introspection", cost.introspection_depth, MAX_INTROSPECTION_DEPTH),
        ("aliases", cost.aliases, MAX_ALIASES),
        ("directives", cost.directives, MAX_DIRECTIVES),
        ("nodes in all its pages", cost.nodes, MAX_NODES),
    ):
        if asked > limit:
            raise too_complex(what, limit)


def page_sizes_of(sdl: str) -> dict[str, int]:
    """Return the default of `first` of every field of a schema that takes one, by name.

    A page without a default counts as one node.
    """
    sizes: dict[str, int] = {}
    for definition in parse(sdl).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode):
            for field in definition.fields or ():
                for argument in field.arguments or ():
                    if argument.name.value == "first":
                        size = number(argument.default_value, {}) or 1
                        name = field.name.value
                        sizes[name] = max(size, sizes.get(name, 0))
    return sizes


def too_complex(what: str, limit: int) -> GraphQLError:
    return failure(TOO_COMPLEX, f"The document has more than {limit} {what}.")
