"""Limits on what one document may ask for, checked before anything is resolved.

Each fragment is measured once, however often it is spread: a document of fragments
that spread each other twice stays linear to check. Counts are those of the document
with every fragment written out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Lexer,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    ValueNode,
    VariableNode,
    is_object_type,
    parse,
)

from app.graphql.errors import BAD_USER_INPUT, TOO_COMPLEX, failure
from app.kit.body import unstorable

MAX_LENGTH = 50_000
MAX_TOKENS = 1_000
MAX_DEPTH = 10
MAX_INTROSPECTION_DEPTH = 20
MAX_ALIASES = 30
MAX_DIRECTIVES = 20
MAX_FIRST = 1_000

INTROSPECTION = {"__schema", "__type"}


@dataclass(frozen=True)
class Cost:
    """What a selection asks for: depths in fields, the rest counted."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    directives: int = 0
    first: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.first + other.first,
        )


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
            cost = Measure(document, definition, variables, page_sizes).total()
            for what, asked, limit in (
                ("levels", cost.depth, MAX_DEPTH),
                (
                    "levels of introspection",
                    cost.introspection_depth,
                    MAX_INTROSPECTION_DEPTH,
                ),
                ("aliases", cost.aliases, MAX_ALIASES),
                ("directives", cost.directives, MAX_DIRECTIVES),
                ("nodes in all its pages", cost.first, MAX_FIRST),
            ):
                if asked > limit:
                    raise too_complex(what, limit)


def page_sizes_of(schema: GraphQLSchema) -> dict[str, int]:
    """Return the default of `first` of every field that takes one, by name."""
    sizes: dict[str, int] = {}
    for kind in schema.type_map.values():
        if is_object_type(kind):
            for name, field in kind.fields.items():
                if "first" in field.args:
                    default = field.args["first"].default_value
                    size = default if isinstance(default, int) else 0
                    sizes[name] = max(size, sizes.get(name, 0))
    return sizes


class Measure:
    """Measures one operation of a document."""

    def __init__(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        page_sizes: Mapping[str, int],
    ) -> None:
        self.operation = operation
        self.page_sizes = page_sizes
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        defaults = {
            definition.variable.name.value: number(definition.default_value, {})
            for definition in operation.variable_definitions or ()
        }
        self.variables = {**defaults, **variables}
        self.measured: dict[str, Cost] = {}

    def total(self) -> Cost:
        own = directives(self.operation.directives)
        for definition in self.operation.variable_definitions or ():
            own += directives(definition.directives)
        return own + self.selection_set(self.operation.selection_set)

    def selection_set(self, selected: SelectionSetNode | None, level: int = 0) -> Cost:
        if level > MAX_INTROSPECTION_DEPTH:
            raise too_complex("levels", MAX_DEPTH)
        cost = Cost()
        for selection in selected.selections if selected else ():
            cost += self.selection(selection, level)
        return cost

    def selection(self, selection: SelectionNode, level: int) -> Cost:
        own = directives(selection.directives)
        if isinstance(selection, FieldNode):
            return own + self.field(selection, level)
        if isinstance(selection, InlineFragmentNode):
            return own + self.selection_set(selection.selection_set, level + 1)
        assert isinstance(selection, FragmentSpreadNode)
        return own + self.fragment(selection.name.value)

    def field(self, field: FieldNode, level: int) -> Cost:
        below = self.selection_set(field.selection_set, level + 1)
        name = field.name.value
        in_introspection = name in INTROSPECTION
        depth = 0 if in_introspection else below.depth + 1
        introspection_depth = below.introspection_depth
        if in_introspection:
            introspection_depth = max(below.depth, introspection_depth) + 1
        return Cost(
            depth,
            introspection_depth,
            below.aliases + (field.alias is not None),
            below.directives,
            below.first + self.first(field),
        )

    def fragment(self, name: str) -> Cost:
        if name not in self.measured:
            # A fragment that spreads itself adds nothing; validation refuses it.
            self.measured[name] = Cost()
            if definition := self.fragments.get(name):
                own = directives(definition.directives)
                self.measured[name] = own + self.selection_set(definition.selection_set)
        return self.measured[name]

    def first(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value == "first":
                return max(number(argument.value, self.variables), 0)
        return self.page_sizes.get(field.name.value, 0)


def number(value: ValueNode | None, variables: Mapping[str, Any]) -> int:
    """Return a whole number of a document; what is none counts nothing."""
    if isinstance(value, VariableNode):
        given = variables.get(value.name.value)
        return given if isinstance(given, int) else 0
    if isinstance(value, IntValueNode):
        return int(value.value[:10])
    return 0


def directives(nodes: Iterable[Any] | None) -> Cost:
    return Cost(directives=len(tuple(nodes or ())))


def too_complex(what: str, limit: int) -> GraphQLError:
    return failure(TOO_COMPLEX, f"The document has more than {limit} {what}.")
