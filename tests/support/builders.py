"""Small trees and plans, said in one line."""

from collections.abc import Mapping
from pathlib import Path

from fastapi_forge.plan import Change
from fastapi_forge.tree import File, Tree


def build_tree(files: Mapping[str, str | bytes | File]) -> Tree:
    """A tree from {path: text}; bytes for what is no text, a File for an executable."""
    return Tree({path: _file(content) for path, content in files.items()})


def _file(content: str | bytes | File) -> File:
    if isinstance(content, File):
        return content
    return File(content.encode() if isinstance(content, str) else content)


def write_tree(root: Path, tree: Tree) -> None:
    """Put a tree on disk."""
    for path, file in tree.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
        place.chmod(0o755 if file.executable else 0o644)


def read_tree(root: Path) -> Tree:
    """Every file on disk but forge's own and bytecode."""
    return Tree(
        {
            path.relative_to(root).as_posix(): File(
                path.read_bytes(), bool(path.stat().st_mode & 0o100)
            )
            for path in root.rglob("*")
            if path.is_file() and not {".forge", "__pycache__"} & set(path.relative_to(root).parts)
        }
    )


def text(tree: Tree, path: str) -> str:
    """One file of a tree as text."""
    return tree[path].content.decode()


def assert_plan(changes: tuple[Change, ...], patch: str) -> None:
    """Compare what a plan does, file by file, with lines `action path`."""
    said = [f"{change.action} {change.path}" for change in changes]
    assert said == [line.strip() for line in patch.strip().splitlines() if line.strip()]
