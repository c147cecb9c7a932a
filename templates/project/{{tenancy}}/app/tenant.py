"""The tenant that a request is for."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection


class NoTenantError(Exception):
    """A tenant's data was asked for where no tenant is known."""


@dataclass(frozen=True)
class TenantRef:
    """A tenant, as requests, sessions and scripts know it."""

    id: UUID
    slug: str


# The bare domain's place among the tenants: no host names it, no list shows it.
BARE = TenantRef(UUID(int=0), "-")


async def current_tenant(connection: HTTPConnection) -> TenantRef:
    """Return the request's tenant.

    At the bare domain it is BARE. Raises NoTenantError on the paths of any host.
    """
    tenant = getattr(connection.state, "tenant", None)
    if not isinstance(tenant, TenantRef):
        raise NoTenantError(f"No tenant is known for {connection.url.path}")
    return tenant


CurrentTenant = Annotated[TenantRef, Depends(current_tenant)]
