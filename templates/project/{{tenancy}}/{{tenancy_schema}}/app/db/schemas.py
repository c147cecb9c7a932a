"""Names of the tenants' schemas."""


def schema_of(slug: str) -> str:
    """Return the schema of a tenant; with 47 bytes at most PostgreSQL cuts none."""
    return f"tenant_{slug}"


def quoted(slug: str) -> str:
    """Return the schema as SQL has it: a slug may have hyphens, and no quotes."""
    return f'"{schema_of(slug)}"'
