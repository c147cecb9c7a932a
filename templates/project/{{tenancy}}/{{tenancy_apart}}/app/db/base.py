"""The base classes of the tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.db.naming import NAMING


class SharedBase(DeclarativeBase):
    """The base of the few tables that no tenant owns."""

    metadata = MetaData(naming_convention=NAMING)


class Base(SharedBase):
    """The base of every other table: each tenant has its own."""

    __abstract__ = True
