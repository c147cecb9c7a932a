"""A first resource, so that each version has one."""

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/ping", tags=["ping"])


class Pong(BaseModel):
    status: str


@router.get("")
async def ping() -> Pong:
    """Answer."""
    return Pong(status="ok")
