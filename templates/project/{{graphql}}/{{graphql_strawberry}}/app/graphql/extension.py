"""How the library takes part: it neither parses nor shows its types to everyone."""

from collections.abc import Iterator

from graphql import NoSchemaIntrospectionCustomRule
from strawberry.extensions import SchemaExtension

from app.graphql.context import Context


class OperationExtension(SchemaExtension):
    """Take the document as parsed and measured; forbid introspection in production."""

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        context: Context = execution.context
        execution.graphql_document = context.document
        if not context.explorable:
            execution.validation_rules += (NoSchemaIntrospectionCustomRule,)
        yield
