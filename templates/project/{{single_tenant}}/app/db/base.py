"""The base class of the tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from app.db.naming import NAMING


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
