"""The journal of a run: enough to put every file back, and to know whether that is still right."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi_forge.merging.layout import same_code
from fastapi_forge.paths import is_safe
from fastapi_forge.project import packing

JOURNAL_FORMAT = 1
MAX_JOURNAL = 16 * 2**20
MAX_KEPT = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A regular file on disk: its bytes and the permission bits of its mode."""

    content: bytes
    mode: int

    @property
    def executable(self) -> bool:
        return bool(self.mode & 0o100)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run; None stands for no file.

    Of what was written the digest is kept: it tells whether somebody edited it since. A module is
    kept whole, `module`: that a formatter laid it out anew is no edit.
    """

    path: str
    before: Snapshot | None
    after: str | None
    module: bytes | None = None

    def is_as_written(self, now: Snapshot | None) -> bool:
        """Whether the file is what the run made of it."""
        if (None if now is None else digest_of(now.content)) == self.after:
            return True
        return bool(now and self.module and same_code(self.module, now.content))

    def is_as_before(self, now: Snapshot | None) -> bool:
        """Whether the file is what it was before the run, permissions aside."""
        return (now and now.content) == (self.before and self.before.content)


@dataclass(frozen=True, slots=True)
class Journal:
    """A run; `made` are the folders it creates, outermost first; `final`: it can't be undone."""

    entries: tuple[Entry, ...]
    made: tuple[str, ...] = ()
    final: bool = False


def digest_of(content: bytes) -> str:
    """The sha256 (hex) of a content."""
    return hashlib.sha256(content).hexdigest()


def dumps(journal: Journal) -> bytes:
    """Write a journal as JSON. Raises OverflowError where it would be too large to be read."""
    document = {
        "forge_journal": JOURNAL_FORMAT,
        "final": journal.final,
        "made": list(journal.made),
        "entries": [
            {
                "path": entry.path,
                "before": _pack(entry.before),
                "after": entry.after,
                "module": None if entry.module is None else _packed(entry.module),
            }
            for entry in journal.entries
        ],
    }
    data = json.dumps(document, indent=1).encode()
    kept = sum(
        len(content)
        for entry in journal.entries
        for content in (entry.module, entry.before and entry.before.content)
        if content
    )
    if len(data) > MAX_JOURNAL or kept > MAX_KEPT:
        raise OverflowError("the journal is too large")
    return data


def _pack(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    return {"mode": snapshot.mode, "data": _packed(snapshot.content)}


def _packed(content: bytes) -> str:
    return packing.as_text(zlib.compress(content, 1))


def load(path: Path) -> Journal:
    """Read a journal's file. Raises OSError, and ValueError as `loads` does."""
    with path.open("rb") as file:
        return loads(file.read(MAX_JOURNAL + 1))


def loads(data: bytes) -> Journal:
    """Read a journal.

    Raises ValueError where it is none, is too large, or names an unsafe path: it may be a
    stranger's.
    """
    if len(data) > MAX_JOURNAL:
        raise ValueError("it is too large")
    try:
        document = json.loads(data)
        if document["forge_journal"] != JOURNAL_FORMAT:
            raise ValueError("unknown format")
        entries = tuple(_entries(document["entries"]))
        journal = Journal(entries, tuple(map(str, document["made"])), bool(document["final"]))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as problem:
        raise ValueError(f"no journal: {problem}") from problem
    unsafe = [path for path in (*journal.made, *(x.path for x in entries)) if not is_safe(path)]
    if unsafe:
        raise ValueError(f"no path of a project: {unsafe[0]!a}")
    return journal


def _entries(rows: list[dict[str, Any]]) -> Iterator[Entry]:
    room = MAX_KEPT
    for row in rows:
        before = _unpack(row["before"], room)
        room -= len(before.content) if before else 0
        module = packing.inflate(row["module"], room) if row.get("module") else None
        room -= len(module or b"")
        yield Entry(str(row["path"]), before, row["after"], module)


def _unpack(packed: dict[str, Any] | None, room: int) -> Snapshot | None:
    if packed is None:
        return None
    content = packing.inflate(packed["data"], room)
    return Snapshot(content, int(packed["mode"]) & 0o777)
