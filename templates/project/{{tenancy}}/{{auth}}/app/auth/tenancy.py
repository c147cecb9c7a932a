"""Tokens and accounts that belong to a tenant."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from app.auth.tokens import InvalidTokenError, Tokens
from app.db.session import Sessions, tenant_sessions
from app.tenancy.service import Tenants
from app.tenant import BARE, TenantRef, current_tenant


class TenantTokens(Tokens):
    """Tokens that are good for one tenant; those of the bare domain name none."""

    def __init__(self, tokens: Tokens, tenant: TenantRef) -> None:
        super().__init__(tokens.keys, tokens.settings)
        self.tenant = tenant

    def claims(self) -> dict[str, Any]:
        return {} if self.tenant == BARE else {"tenant": str(self.tenant.id)}

    def check(self, payload: dict[str, Any]) -> None:
        if payload.get("tenant") != self.claims().get("tenant"):
            raise InvalidTokenError


async def get_tokens(connection: HTTPConnection) -> Tokens:
    tenant = await current_tenant(connection)
    return TenantTokens(connection.app.state.tokens, tenant)


@asynccontextmanager
async def sessions_of(app: FastAPI, slug: str | None) -> AsyncGenerator[Sessions]:
    """Give the sessions of a tenant, without a name those of the platform."""
    tenant = (await Tenants(app).get(slug)).ref if slug is not None else BARE
    async with tenant_sessions(app, tenant) as sessions:
        yield sessions


async def all_sessions(app: FastAPI) -> AsyncGenerator[Sessions]:
    """Yield the sessions of the platform and of each tenant."""
    tenants = [tenant.ref for tenant in await Tenants(app).all()]
    for tenant in (BARE, *tenants):
        async with tenant_sessions(app, tenant) as sessions:
            yield sessions
