"""A clean database for each test: a copy of one that is migrated once."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pydantic import SecretStr

from app.db.migrations import upgrade


class Databases:
    """Databases in files of one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.numbers = count()
        self.template = directory / "template.db"
        asyncio.run(upgrade(SecretStr(f"sqlite+aiosqlite:///{self.template}")))

    def fresh(self) -> str:
        """Make a migrated database without rows; return its URL."""
        path = self.directory / f"{next(self.numbers)}.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return f"sqlite:///{self.directory / f'{next(self.numbers)}.db'}"


@contextmanager
def open_databases(directory: Path) -> Iterator[Databases]:
    yield Databases(directory)
