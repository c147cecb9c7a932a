"""forge.lock: what forge generated last, exactly, with the answers it was generated from.

JSON lines: a header, then one generated file a line, sorted by path. A line whose file did not
change keeps its bytes, so that version control shows and merges only what did.

A file's line is `[path, mode, sha256, content]`, the last two in base 85 (`packing`). Format 1 had
objects with the sum in hex; they are read wherever they stand.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi_forge import __version__
from fastapi_forge.errors import ForgeError
from fastapi_forge.paths import is_safe
from fastapi_forge.project import packing
from fastapi_forge.tree import File, Tree

LOCK_NAME = "forge.lock"
LOCK_FORMAT = 2
MAX_LOCK = 16 * 2**20
MAX_FILE = 4 * 2**20
MAX_TREE = 64 * 2**20
MAX_FILES = 10_000

_VERSION = re.compile(r"[0-9A-Za-z.!+_-]{1,64}")
_ANSWER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
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
    """The answers, the tree they gave, and the version of forge that rendered it.

    `found` are the paths at which the user had the same file before forge did. A lock that is not
    whole has other lines than it was written with, as after a merge that no one was asked about.
    """

    answers: Mapping[str, Any]
    tree: Tree
    forge_version: str
    found: frozenset[str] = frozenset()
    is_whole: bool = True


def dumps(lock: Lock, previous: bytes | None = None) -> bytes:
    """Write a lock; lines of `previous` are kept where path, mode and content are the same."""
    header: dict[str, Any] = {
        "forge_lock": LOCK_FORMAT,
        "forge_version": lock.forge_version,
        "answers": dict(lock.answers),
    }
    if found := sorted(lock.found & lock.tree.keys()):
        header["found"] = found
    known = _known_lines(previous or b"")
    lines: list[bytes] = []
    for path, file in lock.tree.items():
        mode = "100755" if file.executable else "100644"
        digest = hashlib.sha256(file.content).digest()
        lines.append(known.get((path, mode, digest)) or _file_line(path, mode, digest, file))
    header["lines"] = _sum_of(lines)
    first = json.dumps(header, sort_keys=True, ensure_ascii=False).encode()
    return b"".join(line + b"\n" for line in (first, *lines))


def _sum_of(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:16]


def _file_line(path: str, mode: str, digest: bytes, file: File) -> bytes:
    record = [path, mode, packing.as_text(digest), packing.pack(path, file.content)]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _known_lines(previous: bytes) -> dict[tuple[str, str, bytes], bytes]:
    """The lines that may be kept; any that is not sound, or of format 1, is left out."""
    known = {}
    for line in previous.splitlines()[1:]:
        if not line.startswith(b"["):
            continue
        try:
            record = _read_record(line)
            _read_content(record, MAX_FILE)
        except CorruptLock:
            continue
        known[record.path, record.mode, record.digest] = line
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
    if len(rest) > MAX_FILES:
        raise CorruptLock(f"it has more than {MAX_FILES} files")
    header = _header(first)
    found = header.get("found", [])
    if not (isinstance(found, list) and all(isinstance(path, str) for path in found)):
        raise CorruptLock("its header does not list the files that were there before")
    files: dict[str, File] = {}
    room = MAX_TREE
    for line in rest:
        record = _read_record(line)
        content = _read_content(record, min(MAX_FILE, room))
        if record.path in files:
            raise CorruptLock(f"`{record.path}` stands in it twice")
        files[record.path] = File(content, _MODES[record.mode])
        room -= len(content)
    _check_no_file_is_a_folder(files)
    sum_ = _sum_of(rest)
    return Lock(
        header["answers"],
        Tree(files),
        header["forge_version"],
        frozenset(found) & files.keys(),
        is_whole=header.get("lines", sum_) == sum_,
    )


def read_header(line: bytes) -> tuple[dict[str, Any], str]:
    """The answers and the version of forge in a lock's first line.

    Raises CorruptLock or NewerLock.
    """
    header = _header(line)
    return header["answers"], header["forge_version"]


def _header(line: bytes) -> dict[str, Any]:
    header = _read_json(line)
    if not isinstance(header, dict):
        raise CorruptLock("its first line is not a header")
    lock_format, version = header.get("forge_lock"), header.get("forge_version")
    if type(lock_format) is not int or lock_format < 1 or not isinstance(version, str):
        raise CorruptLock("its first line is not a header")
    if not _VERSION.fullmatch(version):
        raise CorruptLock("its header names no version of forge")
    if lock_format > LOCK_FORMAT:
        raise NewerLock(lock_format, version)
    if not isinstance(header.get("answers"), dict):
        raise CorruptLock("its header has no answers")
    if not all(_ANSWER.fullmatch(name) for name in header["answers"]):
        raise CorruptLock("one of its answers has no name of a question")
    return header


def _read_json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise CorruptLock("a line of it is not JSON") from None


@dataclass(frozen=True, slots=True)
class _Record:
    """A file's line, its content still packed, in the way of the format that wrote it."""

    path: str
    mode: str
    digest: bytes
    data: str
    is_old: bool


def _read_record(line: bytes) -> _Record:
    value = _read_json(line)
    is_old = isinstance(value, dict)
    values = [value.get(key) for key in ("path", "mode", "sha256", "data")] if is_old else value
    if not _is_texts(values):
        raise CorruptLock("a line of it is not a file")
    path, mode, sum_, data = values
    _check_path(path)
    if mode not in _MODES:
        raise CorruptLock(f"mode {mode[:20]!a} of `{path}` is unknown")
    try:
        digest = bytes.fromhex(sum_) if is_old else packing.from_text(sum_)
    except ValueError:
        raise CorruptLock(f"the sha256 of `{path}` can't be read") from None
    return _Record(path, mode, digest, data, is_old)


def _is_texts(values: Any) -> bool:
    """Whether this is path, mode, sum and content."""
    is_four = isinstance(values, list) and len(values) == 4
    return is_four and all(isinstance(value, str) for value in values)


def _read_content(record: _Record, limit: int) -> bytes:
    unpack = packing.unpack_old if record.is_old else packing.unpack
    try:
        content = unpack(record.path, record.data, limit)
    except packing.TooLargeError:
        raise CorruptLock(f"`{record.path}` is too large") from None
    except ValueError:
        raise CorruptLock(f"the content of `{record.path}` cannot be unpacked") from None
    if hashlib.sha256(content).digest() != record.digest:
        raise CorruptLock(f"the content of `{record.path}` does not match its sha256")
    return content


def _check_path(path: str) -> None:
    if not is_safe(path) or path.lower() == LOCK_NAME:
        raise CorruptLock(f"{path[:80]!a} is no path of a generated file")


def _check_no_file_is_a_folder(files: Mapping[str, File]) -> None:
    for path in files:
        parent = path.rpartition("/")[0]
        while parent:
            if parent in files:
                raise CorruptLock(f"`{parent}` is both a file and a folder")
            parent = parent.rpartition("/")[0]


def has_conflict_marks(data: bytes) -> bool:
    """Whether git left a merge of the lock to be settled."""
    return any(line[:7] == b"<<<<<<<" for line in data.splitlines())
