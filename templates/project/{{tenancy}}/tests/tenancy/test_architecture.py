"""Nothing reaches a tenant's rows but by the tenant's session."""

import ast
from collections.abc import Iterator

import pytest

from tests import ROOT

ALLOWED = ("app/db/", "app/tenancy/")  # they make the sessions

# What gets round the session's filter, and what to use instead.
WAYS_ROUND = {
    "AsyncSession()": "SessionDep, or tenant_sessions(app, tenant)",
    "Table": "name the mapped class",
    "__table__": "name the mapped class",
    "all_tenants": "only a script of the operator means all tenants",
    "async_sessionmaker": "tenant_sessions(app, tenant) opens a tenant's sessions",
    "bulk_insert_mappings": "session.add_all(...)",
    "bulk_save_objects": "session.add_all(...)",
    "bulk_update_mappings": "update(...).where(...)",
    "connection": "session.execute(...)",
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
    "text": "select(...), update(...) or delete(...)",
}
OF_A_STATE = ("engine", "sessions")  # `app.state.engine`


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what a module calls, imports or reads off another object."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of_state = isinstance(node.value, ast.Attribute) and (
                node.value.attr == "state"
            )
            if node.attr not in OF_A_STATE or of_state:
                yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (
                (node.lineno, name.name)
                for name in node.names
                if name.name not in OF_A_STATE
            )
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, f"{node.func.id}()"
        elif isinstance(node, ast.keyword) and node.arg:
            if node.arg == "all_tenants":
                yield node.value.lineno, node.arg
        elif isinstance(node, ast.Constant) and node.value == "all_tenants":
            yield node.lineno, node.value


def ways_round(source: str) -> list[tuple[int, str]]:
    found = names(ast.parse(source))
    return sorted({(line, name) for line, name in found if name in WAYS_ROUND})


@pytest.mark.parametrize(
    "source",
    [
        "select(Thing.__table__)",
        "select(Base.metadata.tables['things'])",
        "select(inspect(Thing).local_table)",
        "from sqlalchemy import Table",
        "from sqlalchemy import text",
        "sqlalchemy.text('select 1')",
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
    assert [line for line, _ in ways_round(source)] == [1]


def test_no_way_round_the_session() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} isn't kept to the tenant;"
        f" {WAYS_ROUND[name]}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if not path.relative_to(ROOT).as_posix().startswith(ALLOWED)
        for line, name in ways_round(path.read_text("utf-8"))
    ]

    assert not found, "\n".join(found)
