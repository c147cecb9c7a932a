"""Nothing reaches a tenant's rows but by the tenant's session."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests import ROOT

ALLOWED = ("app/db/", "app/tenancy/")  # they make the sessions

# What gets round the session's filter, and what to use instead.
WAYS_ROUND = {
    "AsyncSession()": "SessionDep, or tenant_sessions(app, tenant)",
    "Table": "name the mapped class",
    "__table__": "name the mapped class",
    "all_tenants=": "only a script of the operator means all tenants",
    "async_sessionmaker": "tenant_sessions(app, tenant) opens a tenant's sessions",
    "bulk_insert_mappings": "session.add_all(...)",
    "bulk_save_objects": "session.add_all(...)",
    "bulk_update_mappings": "update(...).where(...)",
    "connection()": "session.execute(...)",
    "create_async_engine": "SessionDep, or tenant_sessions(app, tenant)",
    "create_engine": "SessionDep, or tenant_sessions(app, tenant)",
    "engine": "SessionDep, or tenant_sessions(app, tenant)",
    "exec_driver_sql": "select(...), update(...) or delete(...)",
    "literal_column": "name an attribute of the mapped class",
    "local_table": "name the mapped class",
    "metadata": "name the mapped class",
    "sessionmaker": "tenant_sessions(app, tenant) opens a tenant's sessions",
    "sessions": "tenant_sessions(app, tenant) opens a tenant's sessions",
    "shared_sessions": "tenant_sessions(app, tenant) opens a tenant's sessions",
    "tables": "name the mapped class",
    "text": "select(...), update(...) or delete(...)",
}
# Words that others use too count by their owner: `sa.text`, `Base.metadata`.
OWNERS = {
    "Table": r"sqlalchemy\b.*",
    "engine": r".*\.state",
    "metadata": r"(.*\.)?[A-Z]\w*",
    "sessions": r".*\.state",
    "tables": r"(.*\.)?metadata",
    "text": r"sqlalchemy\b.*",
}


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each imported name with what it stands for: `sql`, `sqlalchemy.text`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.asname:
                    yield name.asname, name.name
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield name.asname or name.name, f"{node.module}.{name.name}"


def spelled(node: ast.AST, known: dict[str, str]) -> str:
    """Spell a name with its owners: `sqlalchemy.text`, `.state.engine` of a call."""
    if isinstance(node, ast.Attribute):
        return f"{spelled(node.value, known)}.{node.attr}"
    return known.get(node.id, node.id) if isinstance(node, ast.Name) else ""


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what a module calls, imports or reads off another object."""
    known = dict(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, spelled(node, known)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{it.name}") for it in node.names)
        elif isinstance(node, ast.Call):
            yield node.lineno, f"{spelled(node.func, known)}()"
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, f"{node.arg}="
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, f"{node.value}="


def ways_round(source: str) -> list[tuple[int, str]]:
    found = set()
    for line, spelling in names(ast.parse(source)):
        owner, _, name = spelling.rpartition(".")
        if name in WAYS_ROUND and re.fullmatch(OWNERS.get(name, ".*"), owner):
            found.add((line, name))
    return sorted(found)


@pytest.mark.parametrize(
    "source",
    [
        "select(Thing.__table__)",
        "select(Base.metadata.tables['things'])",
        "select(inspect(Thing).local_table)",
        "from sqlalchemy import Table",
        "from sqlalchemy import text",
        "import sqlalchemy; sqlalchemy.text('select 1')",
        "import sqlalchemy as sa; sa.text('select 1')",
        "type(thing).metadata.tables['things']",
        "await session.connection()",
        "session.bulk_save_objects(items)",
        "select(Thing).execution_options(all_tenants=True)",
        "session.execute(statement, execution_options={'all_tenants': True})",
        "async with app.state.sessions() as session: ...",
        "async with AsyncSession(some_engine) as session: ...",
        "await connection.exec_driver_sql('select 1')",
        "app.state.engine.begin()",
        "from app.db.session import shared_sessions",
        "from sqlalchemy.ext.asyncio import async_sessionmaker",
    ],
)
def test_ways_round_are_found(source: str) -> None:
    assert {line for line, _ in ways_round(source)} == {1}


@pytest.mark.parametrize(
    "source",
    [
        "select(Note).where(Note.text == text(word), Note.connection == Table)",
        "from importlib import metadata; metadata.version('fastapi')",
        "upload.metadata, upload.engine, upload.sessions, upload.all_tenants",
    ],
)
def test_words_of_others_are_no_ways_round(source: str) -> None:
    assert ways_round(source) == []


def test_no_way_round_the_session() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} isn't kept to the tenant;"
        f" {WAYS_ROUND[name]}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if not path.relative_to(ROOT).as_posix().startswith(ALLOWED)
        for line, name in ways_round(path.read_text("utf-8"))
    ]

    assert not found, "\n".join(found)
