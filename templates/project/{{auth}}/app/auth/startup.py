"""What the authentication holds while the application runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.auth.keys import load_keys
from app.auth.passwords import Passwords
from app.auth.settings import AuthSettings
from app.settings import Settings, settings_of


@asynccontextmanager
async def authentication(app: FastAPI) -> AsyncGenerator[None]:
    """Load the keys; a wrong or missing one stops the start."""
    settings = settings_of(app, AuthSettings)
    strict = not settings_of(app, Settings).is_local
    app.state.keys = load_keys(settings, strict=strict)
    app.state.passwords = Passwords(settings)
    yield
