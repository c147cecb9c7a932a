"""Probes for the platform that runs the service, and what it is."""

import asyncio

import structlog
from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel

from app.about import NAME, VERSION
from app.health.probes import PROBES, Probe
from app.kit.problem import ProblemError, responses
from app.settings import SettingsDep

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PATIENCE = 2  # seconds that one dependency has to answer

router = APIRouter(tags=["health"])


class Status(BaseModel):
    status: str


class Readiness(Status):
    checks: dict[str, str]


class Info(BaseModel):
    name: str
    version: str
    environment: str


@router.get("/health")
@router.get("/health/live", name="live")
async def health() -> Status:
    """Tell that the process answers."""
    return Status(status="ok")


@router.get("/health/ready", responses=responses(503))
async def ready(request: Request) -> Readiness:
    """Tell whether all that the service needs is there."""
    answers = (ask(name, probe, request.app) for name, probe in PROBES.items())
    states = await asyncio.gather(*answers)
    checks = dict(zip(PROBES, states, strict=True))
    if any(state != "ok" for state in states):
        raise ProblemError(503, "A dependency is not ready", checks=checks)
    return Readiness(status="ok", checks=checks)


@router.get("/info")
async def info(settings: SettingsDep) -> Info:
    """Tell which service answers, and in which environment."""
    return Info(name=NAME, version=VERSION, environment=settings.environment)


async def ask(name: str, probe: Probe, app: FastAPI) -> str:
    """Return the state of a dependency in a word; the log has the reason."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await probe(app)
    except Exception:
        log.warning("dependency is down", dependency=name, exc_info=True)
        return "down"
