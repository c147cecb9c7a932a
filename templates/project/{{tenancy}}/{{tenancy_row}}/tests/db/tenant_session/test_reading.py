"""What a tenant's session reads is the tenant's."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exists, func, select, union
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.db.tenant_session import TenantSession
from tests.db.tenant_session.books import Book, Note

OTHER = aliased(Book)


@pytest.mark.parametrize(
    "statement",
    [
        select(Book.id),
        select(OTHER.id),
        select(select(Book.id).subquery()),
        select(select(Book.id).cte()),
        select(func.count()).select_from(Book),
        select(func.count()).select_from(select(Book.id).subquery()),
        select(select(func.count(Book.id)).scalar_subquery()),
        select(Book.id).where(Book.id.in_(select(Note.book_id))),
        select(Note.id).join(Note.book),
        select(Note.id).where(Note.book.has(Book.title == "ours")),
        select(Book.id).from_statement(select(Book.id)),
        union(select(Book.id), select(Note.id)),
    ],
)
def test_selects_see_our_rows(session: TenantSession, statement: Any) -> None:
    assert list(session.scalars(statement)) == [1]


@pytest.mark.parametrize(
    "statement",
    [
        select(Book.id).where(exists().where(Note.id == 2)),
        select(Book.id).where(Book.notes.any(Note.id == 2)),
        select(OTHER.id).where(OTHER.id == 2),
    ],
)
def test_selects_find_nothing_of_theirs(session: TenantSession, statement: Any) -> None:
    assert session.scalars(statement).all() == []


def test_get(session: TenantSession) -> None:
    assert session.get(Book, 1)
    assert session.get(Book, 2) is None


@pytest.mark.parametrize("load", [joinedload, selectinload])
def test_eager_relationships(session: TenantSession, load: Callable[..., Any]) -> None:
    book = session.scalars(select(Book).options(load(Book.notes))).unique().one()

    assert [note.id for note in book.notes] == [1]


def test_lazy_relationships(session: TenantSession) -> None:
    book = session.scalars(select(Book)).one()

    assert [note.id for note in book.notes] == [1]
