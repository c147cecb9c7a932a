"""CSV that is streamed, and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

from fastapi.responses import StreamingResponse

FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

RowT = TypeVar("RowT")


def neutral(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def encode(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


async def chunks(
    columns: Sequence[str],
    batches: AsyncIterator[Sequence[RowT]],
    cells: Callable[[RowT], Sequence[str]],
) -> AsyncIterator[bytes]:
    head = [columns]
    async for batch in batches:
        yield encode([*head, *map(cells, batch)])
        head = []
    if head:
        yield encode(head)


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
