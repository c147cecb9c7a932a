"""forge.lock: what forge generated last, exactly, with the answers it was generated from.

JSON lines: a header, then one generated file a line, sorted by path. A line whose file did not
change keeps its bytes, so that version control shows and merges only what did.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from fastapi_forge import __version__
from fastapi_forge.errors import ForgeError
from fastapi_forge.paths import is_safe
from fastapi_forge.tree import File, Tree

LOCK_NAME = "forge.lock"
LOCK_FORMAT = 1
MAX_LOCK = 16 * 2**20
MAX_FILE = 4 * 2**20
MAX_TREE = 64 * 2**20

_MODES = {"100644": False, "100755": True}


class CorruptLock(ForgeError):
    """`forge.lock` is not what forge wrote."""

    code: ClassVar[str] = "lock-corrupt"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"`{LOCK_NAME}` is damaged: {reason}",
            f"bring it back from version control: git checkout -- {LOCK_NAME}",
        )


class ConflictedLock(ForgeError):
    """`forge.lock` has git's conflict marks in it."""

    code: ClassVar[str] = "lock-conflicted"

    def __init__(self) -> None:
        super().__init__(
            f"`{LOCK_NAME}` has conflict marks of git in it",
            "settle the other files, then run: forge update",
        )


class NewerLock(ForgeError):
    """`forge.lock` was written by a newer forge than this one."""

    code: ClassVar[str] = "lock-newer"

    def __init__(self, lock_format: int, forge_version: str) -> None:
        super().__init__(
            f"`{LOCK_NAME}` has format {lock_format}, written by forge `{forge_version}`; "
            f"this is forge `{__version__}`",
            "install a newer forge: uv tool upgrade forge-fastapi",
        )


@dataclass(frozen=True)
class Lock:
    """The answers, the tree they gave, and the version of forge that rendered it."""

    answers: Mapping[str, Any]
    tree: Tree
    forge_version: str


def dumps(lock: Lock, previous: bytes | None = None) -> bytes:
    """Write a lock; lines of `previous` are kept where path, mode and content are the same."""
    header = {
        "forge_lock": LOCK_FORMAT,
        "forge_version": lock.forge_version,
        "answers": dict(lock.answers),
    }
    known = _known_lines(previous or b"")
    lines = [_json(header)]
    for path, file in lock.tree.items():
        mode = "100755" if file.executable else "100644"
        digest = hashlib.sha256(file.content).hexdigest()
        lines.append(known.get((path, mode, digest)) or _file_line(path, mode, digest, file))
    return b"".join(line + b"\n" for line in lines)


def _file_line(path: str, mode: str, digest: str, file: File) -> bytes:
    data = base64.b85encode(zlib.compress(file.content, 9)).decode("ascii")
    return _json({"path": path, "mode": mode, "sha256": digest, "data": data})


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def _known_lines(previous: bytes) -> dict[tuple[str, str, str], bytes]:
    """The lines that may be kept; any that is not sound is left out."""
    known = {}
    for line in previous.splitlines()[1:]:
        try:
            path, mode, digest, _ = _read_file_line(line, MAX_FILE)
        except CorruptLock:
            continue
        known[path, mode, digest] = line
    return known


def loads(data: bytes) -> Lock:
    """Read a lock.

    Raises ConflictedLock, NewerLock, or CorruptLock: a lock comes from a repository that others may
    write to, so paths, sizes and digests are checked before anything is believed.
    """
    if len(data) > MAX_LOCK:
        raise CorruptLock(f"it is larger than {MAX_LOCK // 2**20} MB")
    if has_conflict_marks(data):
        raise ConflictedLock
    first, *rest = data.splitlines() or [b""]
    answers, forge_version = _read_header(first)
    files: dict[str, File] = {}
    room = MAX_TREE
    for line in rest:
        path, mode, _, content = _read_file_line(line, min(MAX_FILE, room))
        if path in files:
            raise CorruptLock(f"`{path}` stands in it twice")
        files[path] = File(content, _MODES[mode])
        room -= len(content)
    _check_no_file_is_a_folder(files)
    return Lock(answers, Tree(files), forge_version)


def _read_header(line: bytes) -> tuple[dict[str, Any], str]:
    header = _read_json(line)
    lock_format, version = header.get("forge_lock"), header.get("forge_version")
    if type(lock_format) is not int or lock_format < 1 or not isinstance(version, str):
        raise CorruptLock("its first line is not a header")
    if lock_format > LOCK_FORMAT:
        raise NewerLock(lock_format, version)
    if not isinstance(header.get("answers"), dict):
        raise CorruptLock("its header has no answers")
    return header["answers"], version


def _read_json(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise CorruptLock("a line of it is not JSON") from None
    if not isinstance(value, dict):
        raise CorruptLock("a line of it is not an object")
    return value


def _read_file_line(line: bytes, limit: int) -> tuple[str, str, str, bytes]:
    record = _read_json(line)
    values = [record.get(key) for key in ("path", "mode", "sha256", "data")]
    if not all(isinstance(value, str) for value in values):
        raise CorruptLock("a line of it is not a file")
    path, mode, digest, data = cast("list[str]", values)
    if mode not in _MODES:
        raise CorruptLock(f"mode `{mode}` of `{path}` is unknown")
    _check_path(path)
    content = _decompress(path, data, limit)
    if hashlib.sha256(content).hexdigest() != digest:
        raise CorruptLock(f"the content of `{path}` does not match its sha256")
    return path, mode, digest, content


def _check_path(path: str) -> None:
    if not is_safe(path) or path.lower() == LOCK_NAME:
        raise CorruptLock(f"{path[:80]!a} is no path of a generated file")


def _decompress(path: str, data: str, limit: int) -> bytes:
    unpack = zlib.decompressobj()
    try:
        content = unpack.decompress(base64.b85decode(data), limit + 1)
    except (ValueError, zlib.error):
        raise CorruptLock(f"the content of `{path}` cannot be unpacked") from None
    if len(content) > limit:
        raise CorruptLock(f"`{path}` is too large")
    if not unpack.eof or unpack.unused_data:
        raise CorruptLock(f"the content of `{path}` cannot be unpacked")
    return content


def _check_no_file_is_a_folder(files: Mapping[str, File]) -> None:
    for path in files:
        parent = path.rpartition("/")[0]
        while parent:
            if parent in files:
                raise CorruptLock(f"`{parent}` is both a file and a folder")
            parent = parent.rpartition("/")[0]


_MARKS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


def has_conflict_marks(data: bytes) -> bool:
    """Whether git left a merge of the lock to be settled."""
    return any(line[:7] == _MARKS[0] for line in data.splitlines())


def sides(data: bytes) -> tuple[Lock, Lock | None, Lock]:
    """Ours, base and theirs of a lock with git's conflict marks.

    Base is None where the marks do not show it (git's default style). Raises CorruptLock.
    """
    ours: list[bytes] = []
    base: list[bytes] = []
    theirs: list[bytes] = []
    everyone = [ours, base, theirs]
    current, hunks, bases = everyone, 0, 0
    for line in data.splitlines(keepends=True):
        mark = line[:7] if line[:7] in _MARKS else b""
        if not mark:
            for side in current:
                side.append(line)
        elif mark == b"<<<<<<<":
            current, hunks = [ours], hunks + 1
        elif mark == b"|||||||":
            current, bases = [base], bases + 1
        else:
            current = [theirs] if mark == b"=======" else everyone
    if current is not everyone:
        raise CorruptLock("its conflict marks do not match")
    read_base = loads(b"".join(base)) if hunks == bases else None
    return loads(b"".join(ours)), read_base, loads(b"".join(theirs))


@dataclass(frozen=True)
class MergedAnswers:
    """The answers of two branches put together; `clashes` names those that both changed."""

    answers: Mapping[str, Any]
    clashes: tuple[str, ...]


def merge_answers(
    ours: Mapping[str, Any], base: Mapping[str, Any] | None, theirs: Mapping[str, Any]
) -> MergedAnswers:
    """Merge answers three-way, key by key; a clash keeps ours.

    Without a base, a feature that one side has and the other has not counts as added.
    """
    absent = object()
    answers: dict[str, Any] = {}
    clashes = []
    for key in sorted({*ours, *theirs, *(base or {})}):
        mine, new = ours.get(key, absent), theirs.get(key, absent)
        old = _assumed_base(mine, new, absent) if base is None else base.get(key, absent)
        if mine != new and old not in (mine, new):
            clashes.append(key)
        value = new if mine == old else mine
        if value is not absent:
            answers[key] = value
    return MergedAnswers(answers, tuple(clashes))


def _assumed_base(mine: Any, new: Any, absent: object) -> Any:
    if absent in (mine, new):
        return absent
    if {type(mine), type(new)} == {bool}:
        return False
    return mine if mine == new else absent
