"""Rows of others are not written, and no row changes its tenant."""

from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session, make_transient_to_detached

from app.db.tenant_session import ForeignRowError, TenantSession
from tests.db.tenant_session.books import THEM, US, Book, Note, rows_of_theirs


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (update(Book).values(tenant_id=THEM), None),
        (update(Book).values({Book.tenant_id: THEM}), None),
        (update(Book), {"tenant_id": THEM}),
    ],
)
def test_rows_keep_their_tenant(
    session: TenantSession, statement: Any, parameters: Any
) -> None:
    with pytest.raises(ForeignRowError):
        session.execute(statement, parameters)


def test_objects_keep_their_tenant(session: TenantSession) -> None:
    session.get_one(Book, 1).tenant_id = THEM

    with pytest.raises(ForeignRowError):
        session.flush()


def test_rows_are_not_made_for_others(session: TenantSession) -> None:
    session.add(Book(id=3, title="x", tenant_id=THEM))

    with pytest.raises(ForeignRowError):
        session.flush()


def test_rows_of_others_are_not_written(engine: Engine, session: TenantSession) -> None:
    with Session(engine) as of_all:
        theirs = of_all.get_one(Book, 2)
        of_all.expunge(theirs)

    with pytest.raises(ForeignRowError):
        session.add(theirs)
    with pytest.raises(ForeignRowError):
        session.merge(theirs, load=False)


def test_forged_rows_are_not_taken(session: TenantSession) -> None:
    forged = Book(id=2, tenant_id=US)
    make_transient_to_detached(forged)

    with pytest.raises(ForeignRowError):
        session.add(forged)
    with pytest.raises(ForeignRowError):
        session.delete(forged)
    with pytest.raises(ForeignRowError):
        session.merge(forged, load=False)
    with pytest.raises(ForeignRowError):
        session.add(Note(id=3, book=forged))

    assert rows_of_theirs(session) == [(2, "theirs")]
