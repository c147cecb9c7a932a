"""A session without a tenant is for the shared tables alone."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, text

from app.db.tenant_session import TenantSession
from app.tenant import NoTenantError
from tests.db.tenant_session.books import TABLE, Book, Note, Tenant


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
