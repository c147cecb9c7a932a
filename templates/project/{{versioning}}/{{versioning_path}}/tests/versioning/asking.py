"""How the tests ask for a version."""

from typing import Any


def version(number: int, path: str, **headers: str) -> dict[str, Any]:
    """Say what to hand to a client: `await client.get(**version(1, "/ping"))`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"url": f"/v{number}{path}", "headers": named}
