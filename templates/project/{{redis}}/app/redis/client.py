"""The connection to Redis."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import structlog
from fastapi import Depends, FastAPI
from redis.asyncio import Redis
from redis.exceptions import (
    ClusterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import TimeoutError as NoAnswerError
from starlette.requests import HTTPConnection

from app.kit.problem import ProblemError
from app.redis.settings import RedisSettings
from app.settings import settings_of

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

WAIT = 2.0  # seconds for a connection and for an answer

# Away, full, a replica that a failover left behind, or a cluster in a change.
UNAVAILABLE = (
    NoConnectionError,
    NoAnswerError,
    OutOfMemoryError,
    ReadOnlyError,
    ClusterDownError,
    TryAgainError,
)
# No writing now, of which redis-py makes no class; of a pipeline it says more before.
NO_WRITING = re.compile(r"(?:^|error: \(['\"])(?:MISCONF|NOREPLICAS) ")

Store: TypeAlias = Redis


def create_client(settings: RedisSettings) -> Store:
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        decode_responses=True,
        socket_connect_timeout=WAIT,
        socket_timeout=WAIT,
    )


@asynccontextmanager
async def redis_client(app: FastAPI) -> AsyncGenerator[None]:
    """Hold the pool of connections; it connects when it is first needed."""
    app.state.redis = create_client(settings_of(app, RedisSettings))
    try:
        yield
    finally:
        await app.state.redis.aclose()


async def redis_state(app: FastAPI) -> str:
    """Tell whether Redis answers, for the readiness probe."""
    await app.state.redis.ping()
    return "ok"


def is_unavailable(error: RedisError) -> bool:
    return isinstance(error, UNAVAILABLE) or NO_WRITING.search(str(error)) is not None


async def get_redis(connection: HTTPConnection) -> AsyncGenerator[Store]:
    """Give a route the client; while Redis can't serve, the answer is 503."""
    client: Store = connection.app.state.redis
    try:
        yield client
    except RedisError as error:
        if not is_unavailable(error):
            raise
        log.warning("Redis unavailable", exc_info=error)
        raise ProblemError(
            503, "Redis can't be reached at the moment", {"Retry-After": "5"}
        ) from None


RedisDep = Annotated[Store, Depends(get_redis, scope="function")]
