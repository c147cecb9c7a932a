"""The generated test of architecture names the line that goes round a tenant's session."""

import shutil
from pathlib import Path

import pytest

from tests.matrix.runner import PlainRunner
from tests.rooms.conftest import Render

REPORTS = '''"""Reports that forget the tenant."""

from fastapi import BackgroundTasks, Request
from sqlalchemy import insert, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from app.items.models import Item


async def core_select(session: AsyncSession) -> None:
    await session.execute(select(Item.__table__))


async def raw_text(session: AsyncSession) -> None:
    await session.execute(sql("SELECT * FROM items"))


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
'''

WAYS = {
    "core select": "select(Item.__table__)",
    "raw text": "text as sql",
    "bulk insert": "bulk_insert_mappings",
    "background task": "app.state.sessions",
    "second session": "AsyncSession(",
}


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
