"""A database of two tenants, and the session of one of them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.db.tenant_session import TenantSession
from app.tenant import TenantRef
from tests.db.tenant_session.books import THEM, US, Book, Models, Note, Tenant


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
