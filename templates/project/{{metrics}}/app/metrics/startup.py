"""Metrics while the application runs."""

import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from app.metrics.collectors import Metrics
from app.metrics.exposition import listening
from app.metrics.pool import measured_pools
from app.metrics.settings import MetricsSettings
from app.settings import settings_of


@asynccontextmanager
async def metrics(app: FastAPI) -> AsyncGenerator[None]:
    """Measure; where there are several workers, for all of them together."""
    settings = settings_of(app, MetricsSettings)
    own = CollectorRegistry()
    shown = own
    if sys.platform != "win32":
        from app.metrics.workers import Worker, all_workers, common_directory

        directory = settings.metrics_dir or common_directory()
        if directory:
            app.state.worker = Worker(directory)
            shown = all_workers(directory)
    app.state.metrics = Metrics(own)
    app.state.metrics_registry = shown
    async with AsyncExitStack() as stack:
        stack.enter_context(measured_pools(app.state.metrics))
        if settings.metrics_port:
            stack.enter_context(listening(settings.metrics_port, shown))
        yield
