"""Runs the migrations: `alembic upgrade head`."""

import asyncio
import importlib
import pkgutil

from alembic import context
from sqlalchemy import Connection

import app
from app.db.base import Base
from app.db.migrations import lock, migration_engine
from app.kit.logging import configure_logging
from app.settings import Settings

for module in pkgutil.walk_packages(app.__path__, "app."):
    if module.name.endswith(".models"):
        importlib.import_module(module.name)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_database() -> None:
    settings = Settings()
    configure_logging(settings.log_level, settings.log_format)
    engine = migration_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(lock)
        await connection.run_sync(migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(migrate_database())
else:
    migrate(given)
