"""Redis that can't be reached."""

import asyncio
import socket
from collections.abc import Callable
from typing import TypeAlias
from unittest.mock import AsyncMock, Mock

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import SecretStr
from redis.asyncio.connection import DefaultParser
from redis.exceptions import TimeoutError as NoAnswerError

from app.main import create_app
from app.redis import client
from app.redis.client import create_client
from app.redis.settings import RedisSettings
from tests.auth.people import log_in


def connect(app: FastAPI, port: int) -> None:
    settings = RedisSettings(redis_url=SecretStr(f"redis://127.0.0.1:{port}/0"))
    app.state.redis = create_client(settings)


@pytest.fixture
def away(app: FastAPI) -> None:
    """Speak to a port where nobody listens."""
    connect(app, 1)


@pytest.mark.usefixtures("away")
async def test_answer(anonymous: AsyncClient) -> None:
    answer = await log_in(anonymous)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_nobody_waits_for_ever(
    app: FastAPI, anonymous: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WAIT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connect(app, silent.getsockname()[1])

        answer = await asyncio.wait_for(log_in(anonymous), 4)

    assert answer.status_code == 503


error_of: Callable[[str], Exception] = DefaultParser.parse_error

Failing: TypeAlias = Callable[[Exception], None]


@pytest.fixture
def failing(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Failing:
    """Let every command end in an error."""

    def fail(error: Exception) -> None:
        refuse = AsyncMock(side_effect=error)
        monkeypatch.setattr(app.state.redis, "execute_command", refuse)

    return fail


async def test_no_answer(
    anonymous: AsyncClient, failing: Failing, caplog: pytest.LogCaptureFixture
) -> None:
    failing(NoAnswerError())

    assert (await log_in(anonymous)).status_code == 503
    assert "Redis unavailable" in caplog.text


NO_SERVICE = [
    "CLUSTERDOWN",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "NOREPLICAS",
    "OOM",
    "READONLY",
    "TRYAGAIN",
]


@pytest.mark.parametrize("code", NO_SERVICE)
@pytest.mark.parametrize("in_pipeline", [False, True])
async def test_no_service(
    app: FastAPI,
    anonymous: AsyncClient,
    failing: Failing,
    code: str,
    in_pipeline: bool,
) -> None:
    error = error_of(f"{code} It isn't possible at the moment.")
    if in_pipeline:
        app.state.redis.pipeline().annotate_exception(error, 1, ["ZADD"])
    failing(error)

    answer = await log_in(anonymous)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


async def test_mistake_is_none_of_redis(
    app: FastAPI, anonymous: AsyncClient, failing: Failing
) -> None:
    error = error_of("WRONGTYPE It isn't a set.")
    app.state.redis.pipeline().annotate_exception(error, 1, ["ZADD", "MISCONF"])
    failing(error)

    assert (await log_in(anonymous)).status_code == 500


@pytest.mark.usefixtures("away")
async def test_not_ready(anonymous: AsyncClient) -> None:
    answer = await anonymous.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] == "down"
    assert "127.0.0.1" not in answer.text


async def test_ready(anonymous: AsyncClient) -> None:
    assert (await anonymous.get("/health/ready")).status_code == 200


@pytest.mark.usefixtures("database")
async def test_connections_end_with_the_application() -> None:
    app = create_app()
    async with app.router.lifespan_context(app):
        app.state.redis = Mock(aclose=AsyncMock())

    app.state.redis.aclose.assert_awaited_once()
