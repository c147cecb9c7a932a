"""The application."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from app.routes import router
from app.settings import Settings
from app.startup import RESOURCES, SETTINGS


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for resource in RESOURCES:
            await stack.enter_async_context(resource(app))
        yield


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; settings that are not given come from the environment."""
    app = FastAPI(lifespan=lifespan)
    app.state.settings = {kind: kind() for kind in SETTINGS}
    if settings is not None:
        app.state.settings[Settings] = settings
    app.include_router(router)
    return app


app = create_app()
