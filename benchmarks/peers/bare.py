"""The endpoints in bare FastAPI, as its documentation teaches: what the others are measured by.

`DATABASE_URL` names a database that the default project has filled. With `ALSO_IMPORT`, a file of
module names, these are imported too: the start of an application with the same imports.
"""

import contextlib
import importlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from common import ItemCreate, ItemRead, Row, everything, shown
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from rows import lines
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

if named := os.environ.get("ALSO_IMPORT"):
    for module in Path(named).read_text().split():
        with contextlib.suppress(Exception):
            importlib.import_module(module)

engine = create_async_engine(os.environ["DATABASE_URL"])
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
app = FastAPI()


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/items/export")
async def export() -> StreamingResponse:
    return StreamingResponse(batches(), media_type="text/csv")


@app.get("/items/{item_id}", response_model=ItemRead)
async def read(item_id: UUID, session: SessionDep) -> dict[str, Any]:
    row = await session.get(Row, item_id)
    if row is None:
        raise HTTPException(404)
    return shown(row)


@app.post("/items", response_model=ItemRead, status_code=201)
async def create(body: ItemCreate, session: SessionDep) -> dict[str, Any]:
    row = body.to_row()
    session.add(row)
    await session.commit()
    return shown(row)


async def batches() -> AsyncIterator[str]:
    async with sessions() as session:
        rows = await session.stream_scalars(everything())
        async for batch in rows.partitions():
            yield lines(batch)
