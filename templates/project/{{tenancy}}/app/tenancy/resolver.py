"""Which tenant a request names: by its host, or by a header behind a gateway."""

import hmac
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import Scope

from app.kit.hosts import host_name
from app.settings import Settings, settings_of
from app.tenancy.settings import TenancySettings

TENANT_HEADER = "X-Tenant"
SECRET_HEADER = "X-Tenant-Secret"


class UnservedError(Exception):
    """The request is for no host that is served here."""


@asynccontextmanager
async def tenant_names(app: FastAPI) -> AsyncGenerator[None]:
    """Refuse to start where it isn't said what names a tenant."""
    settings_of(app, TenancySettings).check(settings_of(app, Settings))
    yield


def named_slug(scope: Scope, settings: TenancySettings) -> str | None:
    """Return the name of the tenant as the request gives it, None without any.

    The name may be no slug at all. Raises UnservedError for foreign hosts and for
    requests that didn't come through the gateway.
    """
    if settings.tenancy_resolver == "header":
        return slug_of_header(Headers(scope=scope), settings)
    return slug_of_host(host_name(scope), settings.tenancy_base_domain)


def slug_of_host(host: str, base_domain: str) -> str | None:
    if host == base_domain:
        return None
    slug, dot, parent = host.partition(".")
    if not dot or parent != base_domain:
        raise UnservedError
    return slug


def slug_of_header(headers: Headers, settings: TenancySettings) -> str | None:
    if not from_gateway(headers, settings):
        raise UnservedError
    slugs = headers.getlist(TENANT_HEADER)
    if len(slugs) > 1:
        raise UnservedError
    return slugs[0] if slugs else None


def from_gateway(headers: Headers, settings: TenancySettings) -> bool:
    if settings.tenancy_header_secret is None:
        return True
    secret = settings.tenancy_header_secret.get_secret_value().encode()
    given = headers.getlist(SECRET_HEADER)
    return len(given) == 1 and hmac.compare_digest(given[0].encode(), secret)
