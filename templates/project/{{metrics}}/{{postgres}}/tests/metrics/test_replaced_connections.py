"""Connections that the pool replaces, as PostgreSQL has closed them."""

from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from sqlalchemy import text

from app.db.engine import create_engine
from app.db.url import normalised
from app.metrics.collectors import Metrics
from app.metrics.pool import measured_pools

BACKEND = text("SELECT pg_backend_pid()")
END = text("SELECT pg_terminate_backend(:backend, 5000)")


async def test_replaced_connection_is_in_use_once(database: str) -> None:
    engine = create_engine(normalised(SecretStr(database)))
    registry = CollectorRegistry()

    def in_use() -> float | None:
        return registry.get_sample_value("db_pool_connections_in_use")

    with measured_pools(Metrics(registry)):
        async with engine.connect() as first, engine.connect() as second:
            closed = {await first.scalar(BACKEND), await second.scalar(BACKEND)}
        async with engine.connect() as third:
            closed.remove(await third.scalar(BACKEND))
            assert await third.scalar(END, {"backend": closed.pop()})
            async with engine.connect():
                assert in_use() == 2
        assert in_use() == 0
        await engine.dispose()
