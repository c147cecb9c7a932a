"""Two states of a project, and a process that goes from one to the other and back for ever."""

import sys
from pathlib import Path

from fastapi_forge.plan import Action, Change
from fastapi_forge.project.workspace import Workspace
from fastapi_forge.tree import Tree
from tests.support.builders import build_tree

BEFORE = build_tree(
    {"app/main.py": "x = 1\n", "app/old/gone.py": "y = 1\n", "README.md": "hello\n", "docs": "d\n"}
)
AFTER = build_tree(
    {
        "app/main.py": "x = 2\n",
        "app/new/deep.py": "z = 1\n",
        "README.md": "hello\n",
        "docs/a.md": "now a folder\n",
        "forge.lock": "lock\n",
    }
)


def changes(before: Tree, after: Tree) -> list[Change]:
    """What leads from one tree to the other."""
    return [
        Change(path, Action.CHANGE, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]


def there_and_back(root: Path) -> None:
    """Apply and undo until killed; says `ready` first."""
    space = Workspace(root)
    print("ready", flush=True)
    while True:
        space.apply(changes(BEFORE, AFTER))
        space.undo()


if __name__ == "__main__":
    there_and_back(Path(sys.argv[1]))
