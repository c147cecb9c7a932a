"""Sentry while the application runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import sentry_sdk
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from app.about import NAME, VERSION
from app.sentry.settings import SentrySettings
from app.settings import Settings, settings_of

FLUSH = 2.0  # seconds that reports have to leave when the application stops


@asynccontextmanager
async def sentry(app: FastAPI) -> AsyncGenerator[None]:
    """Report to Sentry what `SentryMiddleware` sees, and nothing else.

    No integration is loaded, so that no header, cookie, body, query string or local
    variable is ever in a report.
    """
    dsn = settings_of(app, SentrySettings).sentry_dsn
    if dsn is None:
        yield
        return
    sentry_sdk.init(
        dsn.get_secret_value(),
        environment=settings_of(app, Settings).environment,
        release=f"{NAME}@{VERSION}",
        default_integrations=False,
        data_collection={"stack_frame_variables": False},
    )
    try:
        yield
    finally:
        await run_in_threadpool(sentry_sdk.get_client().close, FLUSH)
        sentry_sdk.get_global_scope().set_client(None)
