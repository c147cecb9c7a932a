"""Imports go downwards from folder to folder, and never in a circle."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "fastapi_forge"
BELOW = {
    "template": set[str](),
    "merging": set[str](),
    "project": {"merging"},
    "verbs": {"project", "merging", "template"},
    "output": {"verbs", "project", "merging", "template"},
    "cli": {"output", "verbs", "project", "merging", "template"},
}
"""What each folder may import, besides the plain values beside the folders."""


def _modules() -> dict[str, Path]:
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _imported(path: Path) -> Iterator[str]:
    """The modules of forge that a module imports, within functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                name = full if full in MODULES else node.module
                if name in MODULES:
                    yield name


def _folder(module: str) -> str:
    """The folder that a module lies in; none for the plain values."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in BELOW else ""


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_downwards(module: str) -> None:
    here = _folder(module)
    allowed = BELOW if module.endswith("__main__") else BELOW.get(here, set()) | {here}
    upwards = {name for name in _imported(MODULES[module]) if _folder(name) not in {"", *allowed}}
    assert not upwards


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: set(_imported(path)) for module, path in MODULES.items()}
    TopologicalSorter(graph).prepare()


def test_every_folder_has_its_place() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == set(BELOW)


def test_a_new_project_needs_no_merging() -> None:
    code = "import sys, fastapi_forge.cli.new; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "fastapi_forge.template.render" in loaded
    assert not {"fastapi_forge.merging.merge", "tomlkit", "questionary", "rich"} & loaded
