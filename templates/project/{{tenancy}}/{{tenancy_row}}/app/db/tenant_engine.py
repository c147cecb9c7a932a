"""The engine behind a tenant's sessions: the one that all tenants have."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.tenant import TenantRef


@asynccontextmanager
async def tenant_engine(app: FastAPI, tenant: TenantRef) -> AsyncGenerator[AsyncEngine]:
    yield app.state.engine
