"""Files as downloads, whole or in part (RFC 9110)."""

import re
from pathlib import Path
from stat import S_ISREG

from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope, Send

from app.kit.etag import is_known
from app.kit.problem import NotFoundError, ProblemError

MAX_RANGES = 16
RANGE = re.compile(r"([0-9]{0,18})-([0-9]{0,18})")


def find_file(directory: Path, name: str) -> Path:
    """Return a regular file of a directory; raises NotFoundError for all else.

    What begins with a dot or leads out of the directory, by a link too, is not found.
    """
    if name.startswith(".") or re.search(r"[\0/\\]", name):
        raise NotFoundError("file")
    try:
        path = (directory / name).resolve(strict=True)
        inside = path.parent == directory.resolve()
        regular = S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        raise NotFoundError("file") from None
    if not inside or not regular or path.name.startswith("."):
        raise NotFoundError("file")
    return path


class PartialFileResponse(FileResponse):
    """A file of which the caller gets the ranges that were found to be good."""

    ranges: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = MutableHeaders(raw=list(scope["headers"]))
        del headers["range"], headers["if-range"]
        if self.ranges is not None:
            headers["range"] = self.ranges
        await super().__call__({**scope, "headers": headers.raw}, receive, send)


def download(path: Path, asked: Headers) -> Response:
    """Answer with a file, a part of it, or 304 if the caller has it."""
    stat = path.stat()
    answer = PartialFileResponse(
        path,
        filename=path.name,
        stat_result=stat,
        headers={"Content-Security-Policy": "sandbox"},
    )
    tag, modified = answer.headers["etag"], answer.headers["last-modified"]
    if is_known(tag, asked.getlist("if-none-match")):
        del answer.headers["content-length"], answer.headers["content-type"]
        return Response(status_code=304, headers=answer.headers)
    if asked.get("if-range", tag) in (tag, modified):
        answer.ranges = satisfiable(asked.get("range", ""), stat.st_size)
    return answer


def satisfiable(header: str, size: int) -> str | None:
    """Return the ranges that a file of this size has, None to send it whole.

    Raises ProblemError (416) when it has none of those that were asked for.
    """
    unit, _, listed = header.partition("=")
    parts = listed.split(",")
    spans = [span(part.strip(), size) for part in parts]
    if unit.strip().lower() != "bytes" or len(parts) > MAX_RANGES or None in spans:
        return None
    good = [f"{first}-{last}" for first, last in filter(None, spans) if first <= last]
    if not good:
        raise ProblemError(
            416, "The file has no such range", {"Content-Range": f"bytes */{size}"}
        )
    return f"bytes={','.join(good)}"


def span(part: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a range, None if that is malformed.

    The first comes after the last where the file has nothing of it.
    """
    match = RANGE.fullmatch(part)
    if match is None or part == "-":
        return None
    first, last = match.groups()
    if first == "":
        return (max(size - int(last), 0) if int(last) else size, size - 1)
    if last != "" and int(last) < int(first):
        return None
    return int(first), min(int(last) if last else size, size - 1)
