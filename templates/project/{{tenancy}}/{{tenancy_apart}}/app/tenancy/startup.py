"""Tenants when the application starts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from app.settings import Settings, settings_of
from app.tenancy.service import Tenants
from app.tenancy.storage import provision

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.tenancy")


@asynccontextmanager
async def tenants_at_head(app: FastAPI) -> AsyncGenerator[None]:
    """Remember which tenants are at head; in local and test bring all there."""
    app.state.tenants_at_head = set()
    if settings_of(app, Settings).is_local:
        for tenant in await Tenants(app).all():
            try:
                await provision(app, tenant.ref)
            except Exception:
                log.exception("a tenant is not at head", slug=tenant.slug)
    yield
