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

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the URL of a migrated database without rows."""
        path = self.directory / f"{next(self.numbers)}.db"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        path.unlink()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database without tables."""
        path = self.directory / f"{next(self.numbers)}.db"
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)


@contextmanager
def open_databases(directory: Path) -> Iterator[Databases]:
    yield Databases(directory)
