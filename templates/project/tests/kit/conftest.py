"""A small application that stands for any other."""

from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from fastapi import APIRouter, FastAPI
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
    allowed_hosts=["test", "[::1]", "*.good.example"],
    max_body_size=1000,
)
# The application's own order of the layers that know no domain.
LAYERS = [layer for layer in middleware(SETTINGS) if "app.kit." in str(layer.cls)]


class Thing(BaseModel):
    name: str
    size: float = 0


class StrictThing(BaseModel):
    model_config = ConfigDict(extra="forbid")


router = APIRouter()


@router.get("/things/{number}")
async def read(number: int) -> dict[str, int]:
    return {"number": number}


@router.put("/things/{number}")
async def write(number: int, thing: Thing) -> Thing:
    return thing


@router.put("/strict")
async def strict(thing: StrictThing) -> None:
    pass


@router.api_route("/any", methods=["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"])
async def take_any() -> None:
    pass


@router.get("/health")
async def health() -> str:
    return "ok"


@router.get("/boom")
async def boom() -> None:
    raise OSError("the secret cause")


@router.get("/broken-stream")
async def broken_stream() -> StreamingResponse:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        raise RuntimeError("the secret cause")

    return StreamingResponse(chunks())


app = FastAPI(middleware=LAYERS, redirect_slashes=False)
app.include_router(router)
add_problem_handlers(app)


@pytest.fixture
async def things() -> AsyncGenerator[AsyncClient]:
    configure_logging("INFO", "json")
    async with browse(app, "test") as client:
        yield client
