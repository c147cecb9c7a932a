"""The one table of scopes and roles. A new scope is a line here."""

from collections.abc import Iterable

SCOPES = {
    "items:read": "Read the items and the files",
    "items:write": "Create, change and delete items",
    "users:read": "List the users",
    "users:admin": "Create users, disable them, set their roles",
}

ROLES = {
    "viewer": frozenset({"items:read"}),
    "editor": frozenset({"items:read", "items:write"}),
    "admin": frozenset(SCOPES),
}

DEFAULT_ROLE = "editor"
ADMIN_ROLE = "admin"


def allowed_scopes(roles: Iterable[str]) -> frozenset[str]:
    """Return all scopes that the roles give; a role that is gone gives none."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
