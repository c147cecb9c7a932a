"""Redis for a test: in memory, or an emptied database of TEST_REDIS_URL."""

import os

from fakeredis import FakeAsyncRedisConnection, FakeServer
from pydantic import SecretStr
from redis import Redis

from app.redis.client import Store, create_client
from app.redis.settings import RedisSettings


def open_redis() -> Store:
    """Connect as the application does."""
    url = os.environ.get("TEST_REDIS_URL")
    if url is None:
        return in_memory()
    with Redis.from_url(url) as client:
        client.flushdb()
    return create_client(RedisSettings(redis_url=SecretStr(url)))


def in_memory() -> Store:
    client = create_client(RedisSettings())
    pool = client.connection_pool
    pool.connection_class = FakeAsyncRedisConnection
    pool.connection_kwargs["server"] = FakeServer()
    return client
