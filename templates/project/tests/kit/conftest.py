"""A small application that stands for any other."""

from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from httpx2 import AsyncClient
from pydantic import BaseModel, ConfigDict

from app.kit.logging import configure_logging
from app.kit.problem import add_problem_handlers
from app.middleware import middleware
from app.settings import Settings
from tests.conftest import browse

SETTINGS = Settings(
    cors_origins=["https://good.example"],
    allowed_hosts=["test", "*.good.example"],
    max_body_size=1000,
)
# The application's own order of the layers that know no domain.
LAYERS = [layer for layer in middleware(SETTINGS) if "app.kit." in str(layer.cls)]


class Thing(BaseModel):
    name: str
    size: float = 0


class StrictThing(BaseModel):
    model_config = ConfigDict(extra="forbid")


app = FastAPI(middleware=LAYERS, redirect_slashes=False)
add_problem_handlers(app)


@app.get("/things/{number}")
async def read(number: int) -> dict[str, int]:
    return {"number": number}


@app.put("/things/{number}")
async def write(number: int, thing: Thing) -> Thing:
    return thing


@app.put("/strict")
async def strict(thing: StrictThing) -> None:
    pass


@app.get("/health")
async def health() -> str:
    return "ok"


@app.get("/boom")
async def boom() -> None:
    raise RuntimeError("the secret cause")


@app.get("/broken-stream")
async def broken_stream() -> StreamingResponse:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        raise RuntimeError("the secret cause")

    return StreamingResponse(chunks())


@pytest.fixture
async def things() -> AsyncGenerator[AsyncClient]:
    configure_logging("INFO", "json")
    async with browse(app, "test") as client:
        yield client
