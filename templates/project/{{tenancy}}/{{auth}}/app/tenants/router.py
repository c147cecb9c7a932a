"""Tenants over HTTP, at the bare domain."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from app.auth.scopes import scoped
from app.kit.pagination import Limit
from app.kit.problem import InvalidValueError, ProblemError, responses
from app.tenancy.models import Tenant
from app.tenancy.service import SlugTakenError, Tenants
from app.tenants.schemas import TenantCreate, TenantPage, TenantRead
from app.tenants.service import page_of

router = APIRouter(
    prefix="/tenants",
    tags=["tenants"],
    route_class=scoped("tenants", read="admin", write="admin"),
)


def get_tenants(request: Request) -> Tenants:
    return Tenants(request.app)


TenantsDep = Annotated[Tenants, Depends(get_tenants)]


@router.get("", name="list")
async def list_tenants(
    tenants: TenantsDep, limit: Limit = 20, cursor: str | None = None
) -> TenantPage:
    """List the tenants, newest first."""
    return TenantPage.model_validate(await page_of(tenants, limit, cursor))


@router.post(
    "",
    name="create",
    status_code=status.HTTP_201_CREATED,
    response_model=TenantRead,
    responses=responses(409),
)
async def create_tenant(body: TenantCreate, tenants: TenantsDep) -> Tenant:
    """Create a tenant, which is served from now on."""
    try:
        return await tenants.create(body.slug)
    except ValueError as error:
        raise InvalidValueError(["body", "slug"], str(error)) from None
    except SlugTakenError as error:
        raise ProblemError(409, str(error)) from None
