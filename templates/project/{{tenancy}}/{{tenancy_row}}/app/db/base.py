"""The base classes of the tables."""

from uuid import UUID

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.naming import NAMING


class TenantOwned:
    """What makes a row belong to a tenant. The session sets and checks it."""

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), index=True)


class SharedBase(DeclarativeBase):
    """The base of the few tables that no tenant owns."""

    metadata = MetaData(naming_convention=NAMING)


class Base(TenantOwned, SharedBase):
    """The base of every other table: each row belongs to a tenant."""

    __abstract__ = True
