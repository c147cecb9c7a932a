"""What a feature that is in every table does to the user's own tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi_forge.project.owntables import Table, naming, own_tables
from fastapi_forge.template.catalog import Alteration, Feature
from fastapi_forge.tree import Tree


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The tables of the user's own, and the names of all tables that the database has."""

    root: Path
    declared: tuple[Table, ...]
    created: frozenset[str]

    @classmethod
    def of(cls, root: Path, generated: Tree, created: frozenset[str]) -> "OwnTables":
        return cls(root, own_tables(root, generated), created)

    @property
    def there(self) -> tuple[Table, ...]:
        """Those that the database has."""
        return tuple(table for table in self.declared if table.name in self.created)

    def seen_to(self, alteration: Alteration) -> tuple[Table, ...]:
        """Those that the feature's revision takes along."""
        if not alteration.column:
            return ()
        return tuple(t for t in self.there if alteration.column not in t.attributes)

    def left(self, alteration: Alteration) -> tuple[Table, ...]:
        """Those that need a revision of the user's."""
        seen_to = self.seen_to(alteration)
        return tuple(table for table in self.declared if table not in seen_to)


@dataclass(frozen=True, slots=True)
class Told:
    """What the user has to know and to run because of own tables; `first` before any upgrade."""

    notices: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def told(own: OwnTables, verb: str, feature: Feature, alteration: Alteration) -> Told:
    """What becomes of own tables as a feature comes or goes."""
    if not own.declared:
        return Told()
    if verb == "remove" and alteration.column:
        return _column_gone(own, alteration.column)
    notices, steps = [], []
    if along := own.seen_to(alteration):
        notices.append(_taken_along(along, feature, alteration))
        steps.append(alteration.check)
    if left := own.left(alteration):
        command = f'alembic revision --autogenerate -m "{verb} {feature.name}"'
        notices.extend(_left_to_user(left, feature, alteration, command))
        steps.append(command)
    return Told(tuple(notices), steps=tuple(steps))


def _taken_along(tables: Iterable[Table], feature: Feature, alteration: Alteration) -> str:
    return (
        f"`alembic upgrade head` gives tables of your own `{alteration.column}` as well, since "
        f"{feature.name} is in all of them ({alteration.reason}): {_listed(tables)}; their unique "
        f"and foreign keys are yours to change: `{alteration.check}` names those that lack it, "
        f'then `alembic revision --autogenerate -m "keys with {alteration.column}"`'
    )


def _left_to_user(
    tables: tuple[Table, ...], feature: Feature, alteration: Alteration, command: str
) -> Iterator[str]:
    column = alteration.column
    filled = f", in which rows that exist get their `{column}` before it is NOT NULL"
    yield (
        f"tables of your own need a revision of yours, since {feature.name} is in all of "
        f"them ({alteration.reason}): {_listed(tables)}; "
        f"after `alembic upgrade head`: {command}{filled if column else ''}"
    )
    if clashing := [table for table in tables if column in table.attributes]:
        yield f"`{column}` is {feature.name}'s now; rename yours: {_listed(clashing)}"


def _column_gone(own: OwnTables, column: str) -> Told:
    gone = f"`alembic upgrade head` takes `{column}` out of your own tables and their keys"
    places = ", ".join(naming(own.root, own.declared, column))
    if not places:
        return Told((gone,))
    still = f"your models still name `{column}`, and Alembic can't load keys with it: {places}"
    return Told((gone, still), (f"take `{column}` out of {places}",))


def _listed(tables: Iterable[Table]) -> str:
    return ", ".join(map(str, tables))
