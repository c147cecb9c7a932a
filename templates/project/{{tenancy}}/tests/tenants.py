"""The tenants of the tests."""

from fastapi import FastAPI

from app.tenancy.service import Tenants


async def create_tenants(app: FastAPI) -> None:
    """Make the tenants that the fixtures speak to."""
    for slug in ("acme", "globex"):
        await Tenants(app).create(slug)
