"""`kept.txt` beside `env.py`: tables that stay in the database although no model declares them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fastapi_forge.tree import File


@dataclass(frozen=True, slots=True)
class KeptTables:
    """The list as it is on disk, at `path`, and the names that it is to have."""

    path: str
    file: File | None
    names: frozenset[str]

    @classmethod
    def of(cls, path: str, file: File | None) -> "KeptTables":
        """Read the list; there may be none."""
        lines = file.content.decode("utf-8", "replace").splitlines() if file else []
        return cls(path, file, frozenset(name for line in lines if (name := line.strip())))

    def with_more(self, tables: Iterable[str]) -> "KeptTables":
        return replace(self, names=self.names | set(tables))

    def without(self, tables: Iterable[str]) -> "KeptTables":
        return replace(self, names=self.names - set(tables))

    def holds(self, tables: frozenset[str]) -> bool:
        """Whether all of these tables were kept."""
        return bool(tables) and tables <= self.names

    @property
    def changed(self) -> "KeptChange | None":
        """What becomes of the file; None where it stays as it is."""
        if self.names == KeptTables.of(self.path, self.file).names:
            return None
        text = "".join(f"{name}\n" for name in sorted(self.names))
        return KeptChange(self.path, self.file, File(text.encode()) if text else None)


@dataclass(frozen=True, slots=True)
class KeptChange:
    """The list before and after; None stands for no file."""

    path: str
    before: File | None
    after: File | None
