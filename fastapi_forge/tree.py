"""A directory tree as a value."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A regular file: its bytes and whether it is executable."""

    content: bytes
    executable: bool = False


class Tree(Mapping[str, File]):
    """Files by their path: relative, POSIX separators, iterated in sorted order.

    Immutable and comparable; equal trees have equal digests.
    """

    def __init__(self, files: Mapping[str, File] | Iterable[tuple[str, File]] = ()) -> None:
        self._files = dict(sorted(dict(files).items()))

    def __getitem__(self, path: str) -> File:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def without(self, paths: Collection[str]) -> "Tree":
        """The same tree, some of its files left out."""
        return Tree((path, file) for path, file in self.items() if path not in paths)

    @property
    def digest(self) -> str:
        """The sha256 (hex) of paths, modes and contents."""
        digest = hashlib.sha256()
        for path, file in self._files.items():
            mode = b"x" if file.executable else b"-"
            content = hashlib.sha256(file.content).digest()
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + mode + content)
        return digest.hexdigest()
