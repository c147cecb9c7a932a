"""Two tenants, and tables of theirs."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from app.db.base import TenantOwned

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


TABLE = Models.metadata.tables["books"]


def rows_of_theirs(session: Session) -> list[Any]:
    theirs = select(TABLE.c.id, TABLE.c.title).where(TABLE.c.tenant_id == THEM)
    return list(session.connection().execute(theirs))
