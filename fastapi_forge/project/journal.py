"""The journal of a run: enough to put every file back, and to know whether that is still right."""

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from fastapi_forge.paths import is_safe

JOURNAL_FORMAT = 1


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

    Of what was written only the digest is kept: it tells whether somebody edited it since.
    """

    path: str
    before: Snapshot | None
    after: str | None

    def is_as_written(self, now: Snapshot | None) -> bool:
        """Whether the file is what the run made of it."""
        return (None if now is None else digest_of(now.content)) == self.after

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
    """Write a journal as JSON."""
    document = {
        "forge_journal": JOURNAL_FORMAT,
        "final": journal.final,
        "made": list(journal.made),
        "entries": [
            {"path": entry.path, "before": _pack(entry.before), "after": entry.after}
            for entry in journal.entries
        ],
    }
    return json.dumps(document, indent=1).encode()


def _pack(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    data = base64.b85encode(zlib.compress(snapshot.content, 1)).decode("ascii")
    return {"mode": snapshot.mode, "data": data}


def loads(data: bytes) -> Journal:
    """Read a journal. Raises ValueError where it is none or names an unsafe path."""
    try:
        document = json.loads(data)
        if document["forge_journal"] != JOURNAL_FORMAT:
            raise ValueError("unknown format")
        entries = tuple(
            Entry(str(entry["path"]), _unpack(entry["before"]), entry["after"])
            for entry in document["entries"]
        )
        journal = Journal(entries, tuple(map(str, document["made"])), bool(document["final"]))
    except (KeyError, TypeError, AttributeError, RecursionError, zlib.error) as problem:
        raise ValueError(f"no journal: {problem}") from problem
    unsafe = [path for path in (*journal.made, *(x.path for x in entries)) if not is_safe(path)]
    if unsafe:
        raise ValueError(f"no path of a project: {unsafe[0]!a}")
    return journal


def _unpack(packed: dict[str, Any] | None) -> Snapshot | None:
    if packed is None:
        return None
    return Snapshot(zlib.decompress(base64.b85decode(packed["data"])), int(packed["mode"]) & 0o777)
