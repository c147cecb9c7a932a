"""The generated test of architecture names the line that goes round a tenant's session."""

import shutil
from pathlib import Path

import pytest

from tests.matrix.runner import PlainRunner
from tests.rooms.conftest import Render

REPORTS = '''"""Reports that forget the tenant."""

import sqlalchemy
import sqlalchemy as sa
from fastapi import BackgroundTasks, Request
from sqlalchemy import insert, select
from sqlalchemy import sql as q
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.asyncio import AsyncSession as Another

from app.items.models import Item


async def core_select(session: AsyncSession) -> None:
    await session.execute(select(Item.__table__))


async def raw_text(session: AsyncSession) -> None:
    await session.execute(sql("SELECT * FROM items"))


async def raw_text_of_the_module(session: AsyncSession) -> None:
    await session.execute(sqlalchemy.text("SELECT 1 FROM items"))


async def raw_text_of_an_alias(session: AsyncSession) -> None:
    await session.execute(sa.text("SELECT 2 FROM items"))


async def raw_text_of_a_module_inside(session: AsyncSession) -> None:
    await session.execute(q.expression.text("SELECT 3 FROM items"))


async def core_table(session: AsyncSession) -> None:
    await session.execute(select(Item.metadata.tables["items"]))


async def its_connection(session: AsyncSession) -> None:
    await session.connection()


async def bulk_insert(session: AsyncSession) -> None:
    await session.run_sync(lambda it: it.bulk_insert_mappings(Item, []))


async def count_later(request: Request) -> None:
    async with request.app.state.sessions() as session:
        await session.execute(select(Item))


def background_task(request: Request, tasks: BackgroundTasks) -> None:
    tasks.add_task(count_later, request)


async def second_session(session: AsyncSession) -> None:
    async with AsyncSession(session.bind) as another:
        await another.execute(insert(Item))


async def third_session(session: AsyncSession) -> None:
    async with Another(session.bind) as another:
        await another.execute(insert(Item))
'''

WAYS = {
    "core select": "select(Item.__table__)",
    "raw text": "text as sql",
    "raw text of the module": "SELECT 1",
    "raw text of an alias": "SELECT 2",
    "raw text of a module inside": "SELECT 3",
    "core table": "metadata.tables",
    "its connection": "session.connection()",
    "bulk insert": "bulk_insert_mappings",
    "background task": "app.state.sessions",
    "second session": "AsyncSession(",
    "third session": "Another(session",
}

NOTES = '''"""Notes, whose words are those of SQLAlchemy too."""

from dataclasses import dataclass
from html.parser import HTMLParser as Table
from importlib import metadata

from sqlalchemy import Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Note(Base):
    """A text, and how it came."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    connection: Mapped[str] = mapped_column(Text)


@dataclass
class Upload:
    """A file, and what is known of it."""

    metadata: str
    all_tenants: bool
    engine: str
    sessions: int


def text(note: Note) -> str:
    return note.text.strip() + note.connection


async def find(session: AsyncSession, upload: Upload) -> list[str]:
    notes = await session.scalars(
        select(Note).where(Note.text.contains(upload.metadata), Note.connection == upload.engine)
    )
    return [text(note) for note in notes] + [str(upload.sessions), str(upload.all_tenants)]


def version() -> str:
    Table().feed("<table>")
    return metadata.version("fastapi")
'''


@pytest.mark.parametrize("kind", ["row", "database"])
def test_each_way_round_is_named_with_its_line(render: Render, tmp_path: Path, kind: str) -> None:
    project = tmp_path / "demo"
    shutil.copytree(render(tenancy=kind), project)
    (project / "app" / "reports.py").write_text(REPORTS)
    lines = REPORTS.splitlines()

    outcome = PlainRunner().run(project, ["tests/tenancy/test_architecture.py"])

    assert outcome.exit_code == 1
    for way, text in WAYS.items():
        number = next(n for n, line in enumerate(lines, 1) if text in line)
        assert f"app/reports.py:{number}: " in outcome.output, f"{way}\n{outcome.output}"


def test_a_column_and_a_function_may_be_called_as_sqlalchemys_are(
    render: Render, tmp_path: Path
) -> None:
    project = tmp_path / "demo"
    shutil.copytree(render(tenancy="row"), project)
    (project / "app" / "notes.py").write_text(NOTES)

    outcome = PlainRunner().run(project, ["tests/tenancy/test_architecture.py"])

    assert outcome.exit_code == 0, outcome.output
