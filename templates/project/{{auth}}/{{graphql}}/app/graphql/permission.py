"""Whether a caller may have a field."""

from app.graphql.context import Context
from app.graphql.errors import FORBIDDEN, UNAUTHENTICATED, failure


def check_scope(context: Context, scope: str) -> None:
    """Refuse callers without a scope."""
    if context.principal is None:
        raise failure(UNAUTHENTICATED, "This needs a token")
    if scope not in context.principal.scopes:
        raise failure(FORBIDDEN, f"This needs the scope {scope}")
