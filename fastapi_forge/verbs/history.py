"""What the verbs append to a project's migrations."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from fastapi_forge.errors import UsageError
from fastapi_forge.project.columns import Rows, columns_of
from fastapi_forge.project.kept import KeptChange, KeptTables
from fastapi_forge.project.lock import has_conflict_marks
from fastapi_forge.project.owntables import declarations
from fastapi_forge.project.revisions import MERGE_HEADS, Migrations, read_revision
from fastapi_forge.template.answers import Choice
from fastapi_forge.template.catalog import Alteration, Answers, Catalog, Feature
from fastapi_forge.template.migrations import (
    Addition,
    additions,
    revision_of,
)
from fastapi_forge.template.render import Rendered
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.lifecycle import Project
from fastapi_forge.verbs.ownership import OwnTables, told
from fastapi_forge.verbs.ownrevisions import clashes

Renderer = Callable[[Choice, Addition | None], Rendered]


class MovesDataError(UsageError):
    """A change of kind for which rows would have to be moved, which no revision can do."""

    code = "moves-data"

    def __init__(self, before: str, after: str, docs: str) -> None:
        super().__init__(
            f"`{before}` can't become `{after}`: rows would have to be moved",
            f"see {docs}; where every database is empty, run it again with --no-data",
        )


class CannotKeepError(UsageError):
    """`--keep-data` for a feature that is in every table, not in tables of its own alone."""

    code = "cannot-keep"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"`{name}` can't leave its data behind: {reason}",
            f"forge remove {name}; its revision says what it drops",
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A target, and what is appended to the history on the way to it.

    `kept` is what becomes of the list of kept tables, None where it stays; `steps` are revisions
    that are the user's to make, `first` what is to be done before any upgrade.
    """

    rendered: Rendered
    appended: Tree = field(default_factory=Tree)
    notices: tuple[str, ...] = ()
    kept: KeptChange | None = None
    steps: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


def turn(
    project: Project,
    catalog: Catalog,
    choice: Choice,
    render: Renderer,
    *,
    keep_data: bool = False,
    no_data: bool = False,
    staying: Collection[str] = (),
) -> Turn:
    """Render the target, and the revisions of the features that come and go.

    A feature that goes keeps its data where models of its tables, `staying`, are the user's now.
    Raises SeveralHeadsError, CannotKeepError, and MovesDataError unless `no_data`.
    """
    moves = _Moves.between(catalog, project.answers, choice.answers)
    migrations = Migrations.of(project.root)
    own = cache(lambda: OwnTables.of(project.root, project.lock.tree, migrations.tables))
    if not no_data:
        moves.refuse_to_move_data(own)
    if keep_data:
        moves.refuse_to_keep()
    if not migrations.folder:
        return Turn(render(choice, None), notices=tuple(moves.without_revision()))
    if not (moves.gone or moves.come):
        return _without_revision(project, migrations, catalog, render(choice, None))
    kept = frozenset(staying)
    return _Writer(project, migrations, moves, render, keep_data, kept, own).turn(choice)


def _without_revision(
    project: Project, migrations: Migrations, catalog: Catalog, rendered: Rendered
) -> Turn:
    """A target whose features bring no revision: what its tables need is the user's to make."""
    steps, notices = [], []
    if len(migrations.heads) > 1:
        steps.append(MERGE_HEADS)
        notices.append(
            f"the migrations have several heads ({', '.join(migrations.heads)}), each with "
            "revisions that the other lacks: merge them first"
        )
    generated = project.lock.tree, rendered.tree
    before, after = map(declarations, generated)
    rows = Rows.between(*map(columns_of, generated))
    said = [*_otherwise(before, after)]
    if len(migrations.heads) > 1 or has_conflict_marks(project.lock_bytes):
        said += _crossed(migrations, catalog, rendered.answers)
    if said:
        command = 'alembic revision --autogenerate -m "update"'
        steps += ["alembic upgrade head", f"{command}{_remark(rows)}"]
        notices.append(
            f"{'; '.join(said)}: no revision of forge's brings that, `{command}` makes yours; read "
            "it before you upgrade, for rows that exist have to fit"
        )
        notices += _of_rows(rows)
    elif steps:
        steps.append("alembic upgrade head")
    return Turn(rendered, notices=tuple(notices), steps=tuple(steps))


def _remark(rows: Rows) -> str:
    """What the revision that Alembic writes needs besides, as a remark behind the command."""
    keep = f"keep what is in {', '.join(rows.lost)}" if rows.lost else ""
    fill = f"fill {', '.join(rows.unfilled)}" if rows.unfilled else ""
    needed = " and ".join(filter(None, (keep, fill)))
    return f"  # then have it {needed}, before you upgrade" if needed else ""


def _of_rows(rows: Rows) -> Iterator[str]:
    """What the revision that Alembic writes would do to rows that exist, and what to do."""
    if rows.lost:
        yield (
            f"that revision drops {', '.join(rows.lost)} with what is in it: have it copy first "
            "what you need to where the new models look for it, or rename instead of dropping"
        )
    if rows.unfilled:
        yield (
            f"that revision adds {', '.join(rows.unfilled)} as NOT NULL, without a value for rows "
            "that exist, and fails where there are any: have it add the column as nullable, fill "
            "it, and only then make it NOT NULL"
        )


def _otherwise(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Which tables a newer template declares otherwise."""
    words = {
        "changes": [name for name in before if name in after and before[name] != after[name]],
        "adds": [name for name in after if name not in before],
        "no longer has": [name for name in before if name not in after],
    }
    for verb, names in words.items():
        if names:
            yield f"the template {verb} {', '.join(sorted(names))}"


def _crossed(migrations: Migrations, catalog: Catalog, answers: Answers) -> Iterator[str]:
    """The tables that lack what a feature of another branch puts into every table."""
    for feature in catalog.on(answers):
        kind = catalog.kind_of(feature, answers) or ""
        alteration = feature.alters_tables.get(kind, feature.alters_tables.get("any"))
        revision = revision_of(feature, catalog)
        if alteration and revision and (apart := migrations.created_apart(revision.tables)):
            yield f"{feature.name} is not yet in {', '.join(apart)} ({alteration.reason})"


@dataclass(frozen=True, slots=True)
class _Moves:
    """The features with tables that go, in reverse order, and that come, in order.

    One whose kind changes does both.
    """

    catalog: Catalog
    before: Answers
    after: Answers
    with_tables: tuple[Feature, ...]
    gone: tuple[Feature, ...]
    come: tuple[Feature, ...]

    @classmethod
    def between(cls, catalog: Catalog, before: Answers, after: Answers) -> "_Moves":
        def said(feature: Feature, answers: Answers) -> str:
            on = answers.get(feature.key) is True
            return catalog.spelled(feature, answers) if on else ""

        features = tuple(f for f in catalog.features.values() if revision_of(f, catalog))
        changed = [f for f in features if said(f, before) != said(f, after)]
        return cls(
            catalog,
            before,
            after,
            features,
            tuple(f for f in reversed(changed) if said(f, before)),
            tuple(f for f in changed if said(f, after)),
        )

    @property
    def there(self) -> tuple[Feature, ...]:
        return tuple(f for f in self.with_tables if self.before.get(f.key) is True)

    @property
    def switched_off(self) -> Answers:
        """The answers of before, less the features without tables that go."""
        off = [f for f in self.catalog.on(self.before) if self.after.get(f.key) is not True]
        return {**self.before, **{f.key: False for f in off if f not in self.with_tables}}

    def refuse_to_move_data(self, own: Callable[[], OwnTables]) -> None:
        for feature in self.come:
            new = self.catalog.spelled(feature, self.after)
            if feature in self.gone:
                raise MovesDataError(self.catalog.spelled(feature, self.before), new, feature.docs)
            moves = self.catalog.kind_of(feature, self.after) in feature.moves_data
            if moves and (self.there or own().there):
                raise MovesDataError(f"no {feature.name}", new, feature.docs)

    def refuse_to_keep(self) -> None:
        for feature in self.gone:
            if alteration := self.alteration(feature, "remove"):
                raise CannotKeepError(feature.name, alteration.reason)

    def alterations(self) -> Iterator[tuple[str, Feature, Alteration]]:
        """The features that come or go and are in every table, with what they do to it."""
        for verb, features in (("remove", self.gone), ("add", self.come)):
            for feature in features:
                if alteration := self.alteration(feature, verb):
                    yield verb, feature, alteration

    def alteration(self, feature: Feature, verb: str) -> Alteration | None:
        """What the feature does to every table as it comes or goes."""
        kind = self._kind(feature, verb)
        return feature.alters_tables.get(kind, feature.alters_tables.get("any"))

    def removal(self, feature: Feature) -> str:
        """What the revision that takes the feature back does to rows."""
        return feature.removal.get(self._kind(feature, "remove"), "")

    def without_revision(self) -> Iterator[str]:
        """What is left to the user where there are no migrations to append to."""
        for feature in (f for f in self.with_tables if f in self.gone or f in self.come):
            revision = revision_of(feature, self.catalog)
            if tables := ", ".join(revision.tables if revision else ()):
                yield (
                    "no revision was written, for there is no folder of migrations, by "
                    "`script_location` in alembic.ini: the tables of "
                    f"{feature.name} are yours to migrate ({tables})"
                )

    def _kind(self, feature: Feature, verb: str) -> str:
        return self.catalog.kind_of(feature, self.after if verb == "add" else self.before) or ""


@dataclass
class _Writer:
    """Renders one revision after the other, each following the one before."""

    project: Project
    migrations: Migrations
    moves: _Moves
    render: Renderer
    keep_data: bool
    staying: frozenset[str]
    own: Callable[[], OwnTables]
    appended: dict[str, File] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)

    def turn(self, choice: Choice) -> Turn:
        self.head = self.migrations.head
        kept = self.migrations.kept
        self.kept = KeptTables.of(kept, self.project.workspace.read_file(kept))
        # A kept table is in the database as one in use is: what alters tables alters it too.
        known = [f for f in self.moves.with_tables if f in self.moves.there or self._is_kept(f)]
        there = [feature for feature in known if not self._is_dropped(feature)]
        self._remove(there)
        rendered = self._add([f for f in there if f not in self.moves.gone], choice)
        steps = tuple(self._for_own_tables())
        return Turn(
            rendered or self.render(choice, None),
            Tree(self.appended),
            tuple(self.notices),
            self.kept.changed,
            steps,
            tuple(self.first),
        )

    def _is_kept(self, feature: Feature) -> bool:
        return self.kept.holds(self._tables_of(feature))

    def _is_dropped(self, feature: Feature) -> bool:
        """Whether a revision of the user's took all tables of the feature away."""
        tables = self._tables_of(feature)
        return bool(tables & self.migrations.dropped) and not tables & self.migrations.tables

    def _tables_of(self, feature: Feature) -> frozenset[str]:
        revision = revision_of(feature, self.moves.catalog)
        return frozenset(revision.tables if revision else ())

    def _remove(self, there: list[Feature]) -> None:
        current = self.moves.switched_off
        for feature in (feature for feature in self.moves.gone if feature not in there):
            current = {**current, feature.key: False}
            named = ", ".join(sorted(self._tables_of(feature) & self.migrations.dropped))
            self.notices.append(
                f"no revision was written for {feature.name}: one of yours drops its tables "
                f"already ({named})"
            )
        for step in self._steps("remove", [f for f in self.moves.gone if f in there], there):
            file = self._revision(step, self.render(Choice(current), step))
            current = {**current, self.moves.catalog.features[step.feature].key: False}
            tables = _tables(file, "drop_table")
            if not tables:
                self._append(step, file)
                continue
            named = ", ".join(tables)
            if self.keep_data or self._has_own_models(step, tables):
                self.kept = self.kept.with_more(tables)
                self.notices.append(
                    f"tables kept in the database, listed in {self.kept.path}: {named}"
                )
                continue
            self._append(step, file)
            self.notices.append(
                f"`alembic upgrade head` will drop what {step.feature} brought, data included "
                f"(tables: {named})"
            )
            self.notices += self._clashes(step, tables)
            if said := self.moves.removal(self.moves.catalog.features[step.feature]):
                self.notices.append(f"`alembic upgrade head` {said}")

    def _has_own_models(self, step: Addition, tables: Collection[str]) -> bool:
        """Whether models of the tables stay as the user's own; not for what is in every table."""
        feature = self.moves.catalog.features[step.feature]
        return not self.staying.isdisjoint(tables) and not self.moves.alteration(feature, "remove")

    def _add(self, there: list[Feature], choice: Choice) -> Rendered | None:
        """The target, if rendering a revision gave it."""
        fresh = []
        for feature in self.moves.come:
            if not self._is_kept(feature):
                fresh.append(feature)
                continue
            tables = self._tables_of(feature)
            self.kept = self.kept.without(tables)
            named = ", ".join(sorted(tables))
            self.notices.append(f"tables that were kept are used again: {named}")
        rendered = None
        for step in self._steps("add", fresh, there):
            rendered = self.render(choice, step)
            file = self._revision(step, rendered)
            lost = sorted(set(_tables(file, "drop_table")) - self._created)
            self._append(step, file)
            if lost:
                self.notices.append(
                    f"`alembic upgrade head` will drop what {step.feature} takes the place of, "
                    f"data included (tables: {', '.join(lost)})"
                )
            self.notices += self._clashes(step, lost)
        return rendered

    def _steps(
        self, verb: str, features: Iterable[Feature], there: list[Feature]
    ) -> Iterator[Addition]:
        """The revisions to append, each with the tables of the user's own that it sees to."""
        for step in additions(verb, _names(features), _names(there), self.head):
            feature = self.moves.catalog.features[step.feature]
            alteration = self.moves.alteration(feature, verb)
            own = self.own().seen_to(alteration) if alteration else ()
            yield replace(step, own=tuple(table.name for table in own))

    def _clashes(self, step: Addition, tables: Collection[str]) -> Iterator[str]:
        path, made = self._path(step), self._created
        return clashes(self.migrations, self.moves.catalog, tables, path, made)

    @property
    def _created(self) -> set[str]:
        """The tables that this very run creates, which hold no data yet."""
        made = self.appended.values()
        return {name for file in made for name in _tables(file, "create_table")}

    def _append(self, step: Addition, file: File) -> None:
        self.appended[self._path(step)] = file
        self.head = step.id

    def _path(self, step: Addition) -> str:
        return f"{self.migrations.versions}/{step.id}.py"

    def _revision(self, step: Addition, rendered: Rendered) -> File:
        catalog = self.moves.catalog
        revision = revision_of(catalog.features[step.feature], catalog)
        return rendered.tree[revision.path if revision else ""]

    def _for_own_tables(self) -> Iterator[str]:
        """What is left to run because of tables of the user's own."""
        for verb, feature, alteration in self.moves.alterations():
            said = told(self.own(), verb, feature, alteration)
            self.notices.extend(said.notices)
            self.first.extend(said.first)
            yield from said.steps


def _tables(file: File, operation: str) -> tuple[str, ...]:
    revision = read_revision(file.content)
    return revision.tables(operation) if revision else ()


def _names(features: Iterable[Feature]) -> Iterator[str]:
    return (feature.name for feature in features)
