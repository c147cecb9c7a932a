"""What a tenant's session writes is the tenant's."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from app.db.tenant_session import TenantSession
from app.tenant import TenantRef
from tests.db.tenant_session.books import THEM, US, Book, Note, rows_of_theirs


def test_updates_and_deletes(session: TenantSession) -> None:
    session.execute(update(Book).values(title="changed"))
    session.execute(delete(Note))

    assert session.scalar(select(Book.title)) == "changed"
    assert rows_of_theirs(session) == [(2, "theirs")]


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (insert(Book).values(id=3, title="new"), None),
        (insert(Book).values(id=3, title="new", tenant_id=THEM), None),
        (insert(Book), {"id": 3, "title": "new", "tenant_id": THEM}),
        (insert(Book), [{"id": 3, "title": "new"}, {"id": 4, "title": "more"}]),
        (insert(Book), [{"id": 3, "title": "new", "tenant_id": THEM}]),
    ],
)
def test_inserts_are_ours(
    session: TenantSession, statement: Any, parameters: Any
) -> None:
    session.execute(statement, parameters)

    assert 3 in session.scalars(select(Book.id)).all()
    assert rows_of_theirs(session) == [(2, "theirs")]


def test_added_rows_are_ours(session: TenantSession) -> None:
    book = Book(id=3, title="new")
    session.add(book)
    session.flush()

    assert book.tenant_id == US


def test_rows_of_ours_may_be_merged(engine: Engine, session: TenantSession) -> None:
    with TenantSession(engine, info={"tenant": TenantRef(US, "us")}) as other:
        ours = other.get_one(Book, 1)
    ours.title = "changed"

    session.merge(ours)
    session.commit()

    assert session.scalar(select(Book.title)) == "changed"


def test_deletion_can_be_taken_back(session: TenantSession) -> None:
    note = session.get_one(Note, 1)
    session.delete(note)
    session.flush()
    session.rollback()

    assert session.get(Note, 1) is note
