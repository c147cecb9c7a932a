"""Rules that a reviewer would check."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tests import ROOT


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def imports(path: Path, modules: set[str]) -> Iterator[str]:
    """Yield the modules of the application that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{name.name}" for name in node.names} & modules
            yield from inner or {node.module} & modules


def import_graph() -> dict[str, set[str]]:
    paths = {module_name(path): path for path in (ROOT / "app").rglob("*.py")}
    return {name: set(imports(path, set(paths))) for name, path in paths.items()}


def test_no_import_cycle() -> None:
    TopologicalSorter(import_graph()).prepare()


def test_kit_knows_no_domain() -> None:
    known = {
        name
        for module, names in import_graph().items()
        if module.startswith("app.kit")
        for name in names
        if not name.startswith("app.kit")
    }

    assert known == set()
