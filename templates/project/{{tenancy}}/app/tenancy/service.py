"""Tenants: found, made, suspended, deleted."""

import asyncio
import shutil
from collections.abc import Sequence

from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.db.session import shared_sessions
from app.settings import Settings, settings_of
from app.tenancy.models import ACTIVE, DELETED, NEW, SUSPENDED, Tenant
from app.tenancy.settings import TenancySettings
from app.tenancy.slugs import check_new_slug, is_slug
from app.tenancy.storage import check_name, clear, provision


class TenantError(Exception):
    """What was asked for can't be done with this tenant."""


class SlugTakenError(TenantError):
    """There is, or was, a tenant of this name."""


class Tenants:
    """The tenants of an application."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.sessions = shared_sessions(app)

    async def find(self, slug: str) -> Tenant | None:
        if not is_slug(slug):
            return None
        async with self.sessions() as session:
            return await session.scalar(select(Tenant).where(Tenant.slug == slug))

    async def get(self, slug: str) -> Tenant:
        """Return a tenant that isn't deleted. Raises TenantError without one."""
        tenant = await self.find(slug)
        if tenant is None or tenant.status == DELETED:
            raise TenantError(f"There is no tenant {slug}")
        return tenant

    async def all(self) -> Sequence[Tenant]:
        """Return the tenants that aren't deleted, by name."""
        async with self.sessions() as session:
            found = await session.scalars(select(Tenant).order_by(Tenant.slug))
            return [t for t in found if t.status != DELETED and is_slug(t.slug)]

    async def create(self, slug: str) -> Tenant:
        """Make a tenant, served once its storage is made; none is left where it can't.

        Raises ValueError for a slug that none can have, SlugTakenError for one that
        one has or had.
        """
        check_new_slug(slug, settings_of(self.app, TenancySettings).tenancy_reserved)
        check_name(self.app, slug)
        tenant = Tenant(slug=slug, status=NEW)
        try:
            async with self.sessions.begin() as session:
                session.add(tenant)
        except IntegrityError:
            raise SlugTakenError(f"The slug {slug} is taken") from None
        try:
            await provision(self.app, tenant.ref)
        except BaseException:
            async with self.sessions.begin() as session:
                await session.delete(tenant)
            raise
        await self.change(tenant, ACTIVE)
        return tenant

    async def suspend(self, slug: str) -> None:
        await self.change(await self.made(slug), SUSPENDED)

    async def resume(self, slug: str) -> None:
        await self.change(await self.made(slug), ACTIVE)

    async def made(self, slug: str) -> Tenant:
        """Return a tenant whose storage is there. Raises TenantError without one."""
        tenant = await self.get(slug)
        if tenant.status == NEW:
            raise TenantError(f"The tenant {slug} is half made: create it once more")
        return tenant

    async def delete(self, slug: str) -> None:
        """Delete a tenant's data; its slug stays taken."""
        tenant = await self.find(slug)
        if tenant is None:
            raise TenantError(f"There is no tenant {slug}")
        await self.change(tenant, DELETED)
        await clear(self.app, tenant.ref)
        files = settings_of(self.app, Settings).files_dir / tenant.slug
        await asyncio.to_thread(shutil.rmtree, files, ignore_errors=True)

    async def change(self, tenant: Tenant, status: str) -> None:
        async with self.sessions.begin() as session:
            session.add(tenant)
            tenant.status = status
