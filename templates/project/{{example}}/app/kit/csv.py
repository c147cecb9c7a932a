"""CSV that is streamed, and safe to open in a spreadsheet."""

import csv
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from fastapi.responses import StreamingResponse

FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

PIECE = 2**16  # bytes: a slow reader makes each wait in memory

RowT = TypeVar("RowT")


def neutral(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


class Encoder:
    """What a writer writes to: it returns each line as bytes."""

    def write(self, line: str) -> bytes:
        return line.encode()


def encode(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the lines in pieces that are full at PIECE bytes."""
    writer = csv.writer(Encoder())
    piece = bytearray()
    for row in rows:
        piece += writer.writerow(row)
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


async def chunks(
    columns: Sequence[str],
    batches: AsyncIterator[Sequence[RowT]],
    cells: Callable[[RowT], Sequence[str]],
) -> AsyncIterator[bytes]:
    head = [columns]
    async for batch in batches:
        for piece in encode(chain(head, map(cells, batch))):
            yield piece
        head = []
    for piece in encode(head):
        yield piece


async def csv_download(
    name: str,
    columns: Sequence[str],
    batches: AsyncIterator[Sequence[RowT]],
    cells: Callable[[RowT], Sequence[str]],
) -> StreamingResponse:
    """Stream rows as a file. Its first batch is read before the answer begins.

    So a database that is down is a proper error and not a file that breaks off.
    """
    stream = chunks(columns, batches, cells)
    first = await anext(stream)
    return StreamingResponse(
        rest(first, stream),
        media_type="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            # A proxy should pass it on as it is made.
            "X-Accel-Buffering": "no",
        },
    )


async def rest(first: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in stream:
        yield chunk
