"""Measures the pools of database connections."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from app.metrics.collectors import Metrics


@contextmanager
def measured_pools(metrics: Metrics) -> Iterator[None]:
    """Follow the connections of every engine, as long as the application runs.

    The pool tells of a checkout again where it replaces a dead connection, and of a
    checkin where it could open none.
    """
    in_use: set[ConnectionPoolEntry] = set()

    def take(_: object, entry: ConnectionPoolEntry, proxy: object) -> None:
        in_use.add(entry)
        metrics.pool_in_use.set(len(in_use))

    def give_back(_: object, entry: ConnectionPoolEntry) -> None:
        in_use.discard(entry)
        metrics.pool_in_use.set(len(in_use))

    listeners: dict[str, Callable[..., Any]] = {
        "connect": lambda *_: metrics.pool_open.inc(),
        "close": lambda *_: metrics.pool_open.dec(),
        "checkout": take,
        "checkin": give_back,
    }
    for name, listener in listeners.items():
        event.listen(Pool, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(Pool, name, listener)
