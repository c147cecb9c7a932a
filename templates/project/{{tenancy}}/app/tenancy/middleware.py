"""The tenant of each request, found before anything else looks at it."""

from collections.abc import Collection

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from app.db.errors import is_unavailable
from app.kit.paths import below, route_path
from app.kit.problem import ProblemError
from app.kit.sockets import refuse
from app.settings import settings_of
from app.tenancy.paths import at_bare_domain, at_tenants
from app.tenancy.resolver import TENANT_HEADER, UnservedError, named_slug
from app.tenancy.served import ServedTenants
from app.tenancy.settings import TenancySettings
from app.tenancy.storage import is_at_head
from app.tenant import BARE, TenantRef

UNSERVED = "No tenant is served at this address"


class TenancyMiddleware:
    """Find the tenant that a request names; refuse what is nobody's (404).

    The tenant is `request.state.tenant` and is bound to all log lines of the request.
    """

    def __init__(self, app: ASGIApp, any_host: Collection[str]) -> None:
        self.app = app
        self.any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if not below(route_path(scope), self.any_host):
            try:
                enter(scope, await tenant_of(scope))
            except ProblemError as error:
                await refuse(error, scope, receive, send)
                return
        await self.app(scope, receive, send)


async def tenant_of(scope: Scope) -> TenantRef:
    """Return the tenant of a request, BARE where it names none.

    Raises ProblemError 404 for a path or host that isn't served.
    """
    app: FastAPI = scope["app"]
    path = route_path(scope)
    try:
        slug = named_slug(scope, settings_of(app, TenancySettings))
    except UnservedError:
        raise ProblemError(404, UNSERVED) from None
    tenant = BARE if slug is None else await find(app, slug)
    if tenant is None:
        raise ProblemError(404, UNSERVED)
    if not (at_bare_domain(app, path) if tenant is BARE else at_tenants(path)):
        raise ProblemError(404, "Not Found")
    return tenant


async def find(app: FastAPI, slug: str) -> TenantRef | None:
    served: ServedTenants = app.state.served_tenants
    try:
        tenant = await served.find(slug)
        if tenant is None or await is_at_head(app, tenant):
            return tenant
    except Exception as error:
        if not is_unavailable(error):
            raise
        raise unavailable("The database can't answer at the moment") from error
    raise unavailable("This tenant is being brought up to date")


def unavailable(detail: str) -> ProblemError:
    return ProblemError(503, detail, {"Retry-After": "5"})


def enter(scope: Scope, tenant: TenantRef) -> None:
    state = scope.setdefault("state", {})
    state["tenant"] = tenant
    if tenant is not BARE:
        state["private"] = True
        bind_contextvars(tenant=tenant.slug)


class VaryByTenantMiddleware:
    """Tell caches that a header picks the answer, where a header names the tenant."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not named_by_header(scope["app"]):
            await self.app(scope, receive, send)
            return

        async def send_with_vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header(TENANT_HEADER)
            await send(message)

        await self.app(scope, receive, send_with_vary)


def named_by_header(app: FastAPI) -> bool:
    return settings_of(app, TenancySettings).tenancy_resolver == "header"
