"""Paths of requests."""

from collections.abc import Collection

from starlette.types import Scope


def route_path(scope: Scope) -> str:
    """Return the path as the routes see it: without the prefix of a proxy or a mount."""
    path: str = scope["path"]
    root = scope.get("root_path", "")
    return path.removeprefix(root) if below(path, [root]) else path


def below(path: str, roots: Collection[str]) -> bool:
    """Tell whether a path is one of the roots or lies below one."""
    return any(path == root or path.startswith(f"{root}/") for root in roots)
