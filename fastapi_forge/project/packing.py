"""How a line of `forge.lock` holds a file's content: deflate with a preset dictionary, as base 85.

Each line stands by itself. What generated files share is in the dictionaries beside this module,
32 KB each: the pieces that most files of the fullest projects had in common when format 2 was made.
They must never change, since every lock of that format needs them; a lock of any content can be
written with them, only larger.
"""

import base64
import zlib
from functools import cache
from pathlib import Path

_RAW = -15
_OF_USERS = ("accounts", "auth", "tenancy", "users")


class TooLargeError(ValueError):
    """The content is larger than is allowed."""


def pack(path: str, content: bytes) -> str:
    """The content of the file at `path`, in printable ASCII without quotes."""
    packer = _packer(dictionary_of(path)).copy()
    return as_text(packer.compress(content) + packer.flush())


def unpack(path: str, data: str, limit: int) -> bytes:
    """The content again. Raises ValueError, or TooLargeError above `limit` bytes."""
    return _inflated(_unpacker(dictionary_of(path)).copy(), data, limit)


def unpack_old(_path: str, data: str, limit: int) -> bytes:
    """As `unpack`, for what format 1 wrote: zlib without a dictionary."""
    return inflate(data, limit)


def inflate(data: str, limit: int) -> bytes:
    """What zlib packed, from base 85. Raises ValueError, or TooLargeError above `limit` bytes."""
    return _inflated(zlib.decompressobj(), data, limit)


def as_text(data: bytes) -> str:
    return base64.b85encode(data).decode("ascii")


def from_text(text: str) -> bytes:
    """The bytes again. Raises ValueError."""
    return base64.b85decode(text)


def _inflated(unpacker: "zlib._Decompress", data: str, limit: int) -> bytes:
    try:
        content = unpacker.decompress(from_text(data), limit + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(content) > limit:
        raise TooLargeError
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it does not end where it should")
    return content


def dictionary_of(path: str) -> str:
    """The name of the dictionary that the file at `path` is packed with."""
    folder, _, rest = path.partition("/")
    if folder not in ("app", "tests"):
        return "lock_others.dict"
    is_of_users = rest.partition("/")[0] in _OF_USERS
    return "lock_users.dict" if is_of_users else f"lock_{folder}.dict"


@cache
def _words(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


@cache
def _packer(name: str) -> "zlib._Compress":
    return zlib.compressobj(9, zlib.DEFLATED, _RAW, 9, zdict=_words(name))


@cache
def _unpacker(name: str) -> "zlib._Decompress":
    return zlib.decompressobj(_RAW, zdict=_words(name))
