"""Run in a project: upgrade revision by revision, and say what the database is like after each.

`python reflect.py URL REVISION...` prints one JSON object a revision: its schema, and whether the
rows that were there before are there still.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

WITNESS = "witness"


def schema(connection: Connection) -> dict[str, Any]:
    """Every table but Alembic's and the witness, whatever the order of its columns."""
    inspector = sa.inspect(connection)
    names = set(inspector.get_table_names()) - {"alembic_version", WITNESS}
    return {name: table(inspector, name) for name in sorted(names)}


def table(inspector: Any, name: str) -> dict[str, Any]:
    key = inspector.get_pk_constraint(name)
    return {
        "columns": sorted(
            [column["name"], str(column["type"]), column["nullable"], str(column["default"])]
            for column in inspector.get_columns(name)
        ),
        "key": [key["name"], *key["constrained_columns"]],
        "foreign": sorted(
            [one["name"], *one["constrained_columns"], one["referred_table"]]
            for one in inspector.get_foreign_keys(name)
        ),
        "unique": sorted(
            [one["name"], *one["column_names"]] for one in inspector.get_unique_constraints(name)
        ),
        "indexes": sorted(
            [one["name"], one["unique"], *map(str, one["column_names"])]
            for one in inspector.get_indexes(name)
        ),
    }


def value(column: sa.Column[Any]) -> Any:
    """Something that fits a column."""
    kind = column.type.python_type
    samples = {int: 1, str: "x", bool: True, datetime: datetime.now(UTC), float: 1.0}
    if column.name.endswith("id") or kind.__name__ == "UUID":
        return uuid4() if kind.__name__ == "UUID" else uuid4().hex
    return samples.get(kind, [])


def put_row(connection: Connection, name: str) -> None:
    """A row in a table that refers to no other."""
    items = sa.Table(name, sa.MetaData(), autoload_with=connection)
    needed = [c for c in items.columns if not c.nullable and c.server_default is None]
    if any(column.foreign_keys for column in needed):
        return
    connection.execute(items.insert().values({c.name: value(c) for c in needed}))


def rows(connection: Connection, name: str) -> list[str]:
    """The rows of a table, the first tenant's where there are some, by the columns it had first."""
    if connection.dialect.name == "postgresql" and sa.inspect(connection).has_table("tenants"):
        first = "(SELECT id::text FROM tenants WHERE slug = 'first')"
        connection.execute(sa.text(f"SELECT set_config('app.tenant', {first}, true)"))
    found = connection.execute(sa.text(f"SELECT name, price_cents FROM {name}"))
    return sorted(str(row) for row in found)


async def main(url: str, revisions: list[str]) -> None:
    engine = create_async_engine(url)
    config = Config("alembic.ini")

    def step(connection: Connection, revision: str) -> dict[str, Any]:
        config.attributes["connection"] = connection
        before = rows(connection, "items") if sa.inspect(connection).has_table("items") else None
        command.upgrade(config, revision)
        there = sa.inspect(connection).has_table("items")
        after = rows(connection, "items") if there else None
        if there and before is None:
            put_row(connection, "items")
        told = connection.execute(sa.text(f"SELECT count(*) FROM {WITNESS}")).scalar_one()
        untouched = before is None or after is None or before == after
        return {"schema": schema(connection), "untouched": untouched and told == 2}

    async with engine.begin() as connection:
        await connection.execute(sa.text(f"CREATE TABLE {WITNESS} (id INTEGER)"))
        await connection.execute(sa.text(f"INSERT INTO {WITNESS} VALUES (1), (2)"))
    for revision in revisions:
        async with engine.begin() as connection:
            print(json.dumps(await connection.run_sync(step, revision)), flush=True)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
