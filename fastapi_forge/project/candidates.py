"""Which of the user's files a missing generated file may have become."""

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastapi_forge.merging.renames import format_of
from fastapi_forge.project.reading import content_of
from fastapi_forge.tree import Tree

LIMIT = 400
_STARS = 3

_SKIPPED = frozenset({".git", ".forge", ".venv", "venv", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class _Missing:
    """What is looked for of one kind of file: its names, and its sizes in bytes."""

    names: frozenset[str]
    sizes: tuple[int, ...]

    def rank(self, name: str, size: int) -> tuple[bool, float] | None:
        """How likely a file is one of these, the best first; None if its size rules it out.

        Half of the lines in common means a size between a third and three times.
        """
        distances = [abs(size - old) / old for old in self.sizes if old <= 3 * size <= 9 * old]
        return (name not in self.names, min(distances)) if distances else None


def find_candidates(root: Path, missing: Tree, generated: Collection[str]) -> list[str]:
    """At most LIMIT paths that are not generated, of the kind and about the size of missing files.

    A large project costs a walk over its folders; no file is opened.
    """
    kinds = _kinds(missing)
    ranked = []
    for path, entry in walk(root):
        kind = kinds.get(format_of(entry.name))
        if kind is None or path in generated:
            continue
        rank = kind.rank(entry.name, entry.stat(follow_symlinks=False).st_size)
        if rank is not None:
            ranked.append((rank, path))
    ranked.sort()
    return [path for _, path in ranked[:LIMIT]]


def _kinds(missing: Tree) -> dict[str, _Missing]:
    paths: dict[str, list[str]] = {}
    for path, file in missing.items():
        if file.content.strip():
            paths.setdefault(format_of(path), []).append(path)
    return {
        form: _Missing(
            frozenset(PurePosixPath(path).name for path in found),
            tuple({len(missing[path].content) for path in found}),
        )
        for form, found in paths.items()
    }


def walk(root: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Every regular file outside the folders that git ignores."""
    is_ignored = _ignored_folders(root)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_file(follow_symlinks=False):
                yield path, entry
            elif entry.is_dir(follow_symlinks=False) and not (
                entry.name in _SKIPPED or is_ignored(path + "/")
            ):
                folders.append(path + "/")


def _ignored_folders(root: Path) -> Callable[[str], bool]:
    import pathspec  # noqa: PLC0415 (only where a generated file is missing)

    lines = (content_of(root / ".gitignore") or b"").decode(errors="replace").splitlines()
    return pathspec.GitIgnoreSpec.from_lines(filter(_is_quick, lines)).match_file


def _is_quick(pattern: str) -> bool:
    """Whether a pattern is compared in a moment: each star within a name multiplies the time."""
    return all(part.count("*") <= _STARS for part in pattern.split("/"))
