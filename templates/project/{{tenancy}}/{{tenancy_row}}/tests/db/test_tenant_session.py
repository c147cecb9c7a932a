"""A tenant's session, on tables of its own."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Engine,
    ForeignKey,
    create_engine,
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
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    joinedload,
    make_transient_to_detached,
    mapped_column,
    relationship,
    selectinload,
)

from app.db.base import TenantOwned
from app.db.tenant_session import ForeignRowError, TenantSession
from app.db.tenant_statements import UncoveredError
from app.tenant import NoTenantError, TenantRef

US = UUID(int=1)
THEM = UUID(int=2)


class Models(DeclarativeBase):
    pass


class Tenant(Models):
    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Book(TenantOwned, Models):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    notes: Mapped[list["Note"]] = relationship(back_populates="book")


class Note(TenantOwned, Models):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    book: Mapped[Book] = relationship(back_populates="notes")


OTHER = aliased(Book)
TABLE = Models.metadata.tables["books"]
NOTES = Models.metadata.tables["notes"]


@pytest.fixture
def engine() -> Iterator[Engine]:
    """Two tenants with a book each; a note of theirs hangs on our book."""
    engine = create_engine("sqlite://")
    Models.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Tenant(id=US), Tenant(id=THEM)])
        session.add(Book(id=1, title="ours", tenant_id=US))
        session.add(Book(id=2, title="theirs", tenant_id=THEM))
        session.add(Note(id=1, book_id=1, tenant_id=US))
        session.add(Note(id=2, book_id=1, tenant_id=THEM))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[TenantSession]:
    with TenantSession(engine, info={"tenant": TenantRef(US, "us")}) as session:
        yield session


def rows_of_theirs(session: Session) -> list[Any]:
    theirs = select(TABLE.c.id, TABLE.c.title).where(TABLE.c.tenant_id == THEM)
    return list(session.connection().execute(theirs))


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


def test_rows_are_not_made_for_others(session: TenantSession) -> None:
    session.add(Book(id=3, title="x", tenant_id=THEM))

    with pytest.raises(ForeignRowError):
        session.flush()


@pytest.mark.parametrize(
    "statement", [select(Book), select(TABLE), text("SELECT 1"), delete(Note)]
)
def test_without_a_tenant_nothing_is_read(engine: Engine, statement: Any) -> None:
    with TenantSession(engine) as session, pytest.raises(NoTenantError):
        session.execute(statement)


def test_without_a_tenant_nothing_is_written(engine: Engine) -> None:
    with TenantSession(engine) as session:
        session.add(Book(id=3, title="x"))
        with pytest.raises(NoTenantError):
            session.flush()


def test_shared_tables_need_no_tenant(engine: Engine) -> None:
    with TenantSession(engine) as session:
        assert len(session.scalars(select(Tenant)).all()) == 2


def test_all_tenants_have_to_be_meant(engine: Engine) -> None:
    with TenantSession(engine) as session:
        books = select(Book.id).execution_options(all_tenants=True)
        assert sorted(session.scalars(books)) == [1, 2]
