"""Measures the pools of database connections."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from app.metrics.collectors import Metrics


@contextmanager
def measured_pools(metrics: Metrics) -> Iterator[None]:
    """Follow the connections of every engine, as long as the application runs."""
    listeners: dict[str, Callable[..., Any]] = {
        "connect": lambda *_: metrics.pool_open.inc(),
        "close": lambda *_: metrics.pool_open.dec(),
        "checkout": lambda *_: metrics.pool_in_use.inc(),
        "checkin": lambda *_: metrics.pool_in_use.dec(),
    }
    for name, listener in listeners.items():
        event.listen(Pool, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(Pool, name, listener)
