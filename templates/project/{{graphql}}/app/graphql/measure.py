"""What one operation of a document asks for, with every fragment written out.

Each fragment is measured once, however often it is spread: a document of fragments
that spread each other twice stays linear to measure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

INTROSPECTION = {"__schema", "__type"}
MAX_NESTING = 50


class NestingError(Exception):
    """Selections stand in each other, or in fragments, more than `MAX_NESTING` deep."""


@dataclass(frozen=True)
class Cost:
    """What a selection asks for: depths in fields, the rest counted."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    directives: int = 0
    nodes: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.nodes + other.nodes,
        )


class Measure:
    """Measures one operation; `total` raises NestingError."""

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
        return own + self.selection_set(self.operation.selection_set, 0)

    def selection_set(self, selected: SelectionSetNode | None, level: int) -> Cost:
        if level > MAX_NESTING:
            raise NestingError
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
        return own + self.fragment(selection.name.value, level)

    def field(self, field: FieldNode, level: int) -> Cost:
        below = self.selection_set(field.selection_set, level + 1)
        in_introspection = field.name.value in INTROSPECTION
        depth = 0 if in_introspection else below.depth + 1
        introspection_depth = below.introspection_depth
        if in_introspection:
            introspection_depth = max(below.depth, introspection_depth) + 1
        return Cost(
            depth,
            introspection_depth,
            below.aliases + (field.alias is not None),
            below.directives,
            self.nodes(field, below.nodes),
        )

    def fragment(self, name: str, level: int) -> Cost:
        if name not in self.measured:
            # A fragment that spreads itself adds nothing; validation refuses it.
            self.measured[name] = Cost()
            if definition := self.fragments.get(name):
                own = directives(definition.directives)
                below = self.selection_set(definition.selection_set, level + 1)
                self.measured[name] = own + below
        return self.measured[name]

    def nodes(self, field: FieldNode, below: int) -> int:
        """Count the nodes of a field's page, each with those of the pages below it."""
        size = self.page_sizes.get(field.name.value)
        for argument in field.arguments or ():
            if argument.name.value == "first":
                asked = number(argument.value, self.variables)
                size = size if asked is None else max(asked, 0)
        return below if size is None else size * (1 + below)


def number(value: ValueNode | None, variables: Mapping[str, Any]) -> int | None:
    """Return a whole number of a document, None for what is none."""
    if isinstance(value, VariableNode):
        given = variables.get(value.name.value)
        if isinstance(given, float) and given.is_integer():
            return int(given)
        return given if isinstance(given, int) else None
    if isinstance(value, IntValueNode):
        return int(value.value[:10])
    return None


def directives(nodes: Iterable[Any] | None) -> Cost:
    return Cost(directives=len(tuple(nodes or ())))
