"""Redis for a test: in memory, or an emptied database of TEST_REDIS_URL."""

import os

from fakeredis import FakeAsyncRedis
from redis import Redis
from redis.asyncio import Redis as AsyncRedis


def open_redis() -> AsyncRedis:
    url = os.environ.get("TEST_REDIS_URL")
    if url is None:
        return FakeAsyncRedis(decode_responses=True)
    with Redis.from_url(url) as client:
        client.flushdb()
    return AsyncRedis.from_url(url, decode_responses=True)
