"""What the authentication holds while the application runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.accounts.passwords import Passwords
from app.accounts.settings import PasswordSettings
from app.auth.keys import load_keys
from app.auth.settings import AuthSettings
from app.auth.tokens import Tokens
from app.settings import Settings, settings_of


@asynccontextmanager
async def authentication(app: FastAPI) -> AsyncGenerator[None]:
    """Load the keys; a wrong or missing one stops the start."""
    settings = settings_of(app, AuthSettings)
    strict = not settings_of(app, Settings).is_local
    app.state.tokens = Tokens(load_keys(settings, strict=strict), settings)
    app.state.passwords = Passwords(settings_of(app, PasswordSettings))
    yield
