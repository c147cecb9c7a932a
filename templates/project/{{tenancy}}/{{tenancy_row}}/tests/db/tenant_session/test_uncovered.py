"""Statements that the filter does not cover are refused."""

from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import aliased

from app.db.tenant_session import TenantSession
from app.db.tenant_statements import UncoveredError
from tests.db.tenant_session.books import TABLE, THEM, Book, Models, Note

OTHER = aliased(Book)
NOTES = Models.metadata.tables["notes"]


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (select(TABLE.c.id), None),
        (select(TABLE.alias()), None),
        (select(func.count()).select_from(TABLE), None),
        (select(Book.id).where(Book.id.in_(select(TABLE.c.id))), None),
        (select(Book.id, NOTES.c.id).join(NOTES, NOTES.c.book_id == Book.id), None),
        (select(Book.id, TABLE.alias().c.id), None),
        (select(literal(1), exists().where(Note.id == 2)), None),
        (union(select(TABLE.c.id), select(NOTES.c.id)), None),
        (text("SELECT id FROM books"), None),
        (select(Book.id).where(text("1 = 1 OR 1 = 1")), None),
        (select(Book).from_statement(text("SELECT * FROM books")), None),
        (select(literal_column("(SELECT count(*) FROM books)")), None),
        (select(Book.id).suffix_with("UNION SELECT id FROM books"), None),
        (select(Book.id).prefix_with("id FROM books UNION SELECT"), None),
        (select(Book.id).with_statement_hint("UNION SELECT id FROM books"), None),
        (insert(Book).prefix_with("OR REPLACE"), [{"id": 2, "title": "x"}]),
        (update(TABLE).values(title="x"), None),
        (update(OTHER).values(title="x"), None),
        (update(Book).where(Book.id == Note.book_id).values(title="x"), None),
        (update(Book), [{"id": 2, "title": "x"}]),
        (delete(TABLE), None),
        (delete(Book).where(Book.id == Note.book_id), None),
        (insert(TABLE).values(id=3, title="x", tenant_id=THEM), None),
        (insert(Book).from_select(["id"], select(Book.id + 2)), None),
        (insert(Book).values([{"id": 3, "title": "x", "tenant_id": THEM}]), None),
        (sqlite.insert(Book).values(id=2, title="x").on_conflict_do_nothing(), None),
    ],
)
def test_what_the_filter_does_not_cover_is_refused(
    session: TenantSession, statement: Any, parameters: Any
) -> None:
    with pytest.raises(UncoveredError):
        session.execute(statement, parameters)


def test_bulk_operations_are_refused(session: TenantSession) -> None:
    with pytest.raises(UncoveredError):
        session.bulk_save_objects([Book(id=3, title="x", tenant_id=THEM)])
    with pytest.raises(UncoveredError):
        session.bulk_insert_mappings(Book, [{"id": 3, "tenant_id": THEM}])
    with pytest.raises(UncoveredError):
        session.bulk_update_mappings(Book, [{"id": 2, "title": "x"}])


def test_all_tenants_have_to_be_meant(engine: Engine) -> None:
    with TenantSession(engine) as session:
        books = select(Book.id).execution_options(all_tenants=True)
        assert sorted(session.scalars(books)) == [1, 2]
