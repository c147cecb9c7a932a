"""The application."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app.db.errors import add_database_handlers
from app.kit.logging import configure_logging
from app.kit.problem import add_problem_handlers
from app.middleware import middleware
from app.openapi import DocumentedAPI
from app.routes import router
from app.settings import Settings
from app.startup import OPTIONS, RESOURCES, SETTINGS


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for resource in RESOURCES:
            await stack.enter_async_context(resource(app))
        yield


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; settings that are not given come from the environment."""
    settings = settings or Settings()
    configure_logging(settings.log_level, settings.log_format)
    options: dict[str, Any] = {}
    for option in OPTIONS:
        options |= option(settings)
    app = DocumentedAPI(
        lifespan=lifespan,
        middleware=middleware(settings),
        redirect_slashes=False,
        **options,
    )
    others = {kind: kind() for kind in SETTINGS if kind is not Settings}
    app.state.options = options
    app.state.settings = {Settings: settings, **others}
    add_problem_handlers(app)
    add_database_handlers(app)
    app.include_router(router)
    return app


app = create_app()
