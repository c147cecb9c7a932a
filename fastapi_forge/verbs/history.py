"""What the verbs append to a project's migrations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fastapi_forge.errors import UsageError
from fastapi_forge.project.kept import KeptChange, KeptTables
from fastapi_forge.project.owntables import own_tables
from fastapi_forge.template.answers import Choice
from fastapi_forge.template.catalog import Answers, Catalog, Feature
from fastapi_forge.template.migrations import (
    KEPT,
    VERSIONS,
    Addition,
    additions,
    revision_of,
    revisions_of,
    single_head,
    tables_created,
    tables_dropped,
)
from fastapi_forge.template.render import Rendered
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.lifecycle import Project

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
    that are the user's to make.
    """

    rendered: Rendered
    appended: Tree = field(default_factory=Tree)
    notices: tuple[str, ...] = ()
    kept: KeptChange | None = None
    steps: tuple[str, ...] = ()


def turn(
    project: Project,
    catalog: Catalog,
    choice: Choice,
    render: Renderer,
    *,
    keep_data: bool = False,
    no_data: bool = False,
) -> Turn:
    """Render the target, and the revisions of the features that come and go.

    Raises SeveralHeadsError, CannotKeepError, and MovesDataError unless `no_data`.
    """
    moves = _Moves.between(catalog, project.answers, choice.answers)
    if not no_data:
        moves.refuse_to_move_data()
    if keep_data:
        moves.refuse_to_keep()
    if not (project.root / "migrations").is_dir():
        return Turn(render(choice, None))
    if not (moves.gone or moves.come):
        return _with_check(project, render(choice, None))
    return _Writer(project, moves, render, keep_data).turn(choice)


def _with_check(project: Project, rendered: Rendered) -> Turn:
    """A target whose features bring no revision; a change of its models is left to `alembic`."""
    base = project.lock.tree
    models = (path for path in rendered.tree if PurePosixPath(path).name == "models.py")
    changed = [
        path for path in models if base.get(path, rendered.tree[path]) != rendered.tree[path]
    ]
    if not changed:
        return Turn(rendered)
    command = 'alembic revision --autogenerate -m "update"'
    notice = (
        f"models changed: {', '.join(changed)}; where `alembic check` finds that the tables "
        f"differ, make a revision: {command}"
    )
    return Turn(rendered, notices=(notice,), steps=("alembic upgrade head", "alembic check"))


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

    def refuse_to_move_data(self) -> None:
        for feature in self.come:
            new = self.catalog.spelled(feature, self.after)
            if feature in self.gone:
                raise MovesDataError(self.catalog.spelled(feature, self.before), new, feature.docs)
            if self.there and self.catalog.kind_of(feature, self.after) in feature.moves_data:
                raise MovesDataError(f"no {feature.name}", new, feature.docs)

    def refuse_to_keep(self) -> None:
        for feature in self.gone:
            if reason := self._alteration(feature, self.before):
                raise CannotKeepError(feature.name, reason)

    def alterations(self) -> Iterator[tuple[Feature, str]]:
        """The features that come or go and are in every table, with what they do to it."""
        for features, answers in ((self.gone, self.before), (self.come, self.after)):
            for feature in features:
                if reason := self._alteration(feature, answers):
                    yield feature, reason

    def _alteration(self, feature: Feature, answers: Answers) -> str:
        kind = self.catalog.kind_of(feature, answers) or ""
        return feature.alters_tables.get(kind, feature.alters_tables.get("any", ""))


@dataclass
class _Writer:
    """Renders one revision after the other, each following the one before."""

    project: Project
    moves: _Moves
    render: Renderer
    keep_data: bool
    appended: dict[str, File] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def turn(self, choice: Choice) -> Turn:
        self.head = single_head(revisions_of(self.project.root))
        self.kept = KeptTables.of(self.project.workspace.read_file(KEPT))
        # A kept table is in the database as one in use is: what alters tables alters it too.
        there = [f for f in self.moves.with_tables if f in self.moves.there or self._is_kept(f)]
        self._remove(there)
        rendered = self._add([f for f in there if f not in self.moves.gone], choice)
        steps = tuple(self._for_own_tables())
        return Turn(
            rendered or self.render(choice, None),
            Tree(self.appended),
            tuple(self.notices),
            self.kept.changed,
            steps,
        )

    def _is_kept(self, feature: Feature) -> bool:
        return self.kept.holds(self._tables_of(feature))

    def _tables_of(self, feature: Feature) -> frozenset[str]:
        revision = revision_of(feature, self.moves.catalog)
        return frozenset(revision.tables if revision else ())

    def _remove(self, there: list[Feature]) -> None:
        current = self.moves.switched_off
        for step in additions("remove", _names(self.moves.gone), _names(there), self.head):
            file = self._revision(step, self.render(Choice(current), step))
            current = {**current, self.moves.catalog.features[step.feature].key: False}
            tables = tables_dropped(file)
            if not tables:
                self._append(step, file)
                continue
            named = ", ".join(tables)
            if self.keep_data:
                self.kept = self.kept.with_more(tables)
                self.notices.append(f"tables kept in the database, listed in {KEPT}: {named}")
                continue
            self._append(step, file)
            self.notices.append(
                f"`alembic upgrade head` will drop what {step.feature} brought, data included "
                f"(tables: {named})"
            )

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
        for step in additions("add", _names(fresh), _names(there), self.head):
            rendered = self.render(choice, step)
            file = self._revision(step, rendered)
            # What this very run creates holds no data yet.
            created = {name for made in self.appended.values() for name in tables_created(made)}
            self._append(step, file)
            if lost := sorted(set(tables_dropped(file)) - created):
                self.notices.append(
                    f"`alembic upgrade head` will drop what {step.feature} takes the place of, "
                    f"data included (tables: {', '.join(lost)})"
                )
        return rendered

    def _append(self, step: Addition, file: File) -> None:
        self.appended[f"{VERSIONS}{step.id}.py"] = file
        self.head = step.id

    def _revision(self, step: Addition, rendered: Rendered) -> File:
        catalog = self.moves.catalog
        revision = revision_of(catalog.features[step.feature], catalog)
        return rendered.tree[revision.path if revision else ""]

    def _for_own_tables(self) -> Iterator[str]:
        """The revisions that the user's own tables need, which no template can know."""
        alterations = list(self.moves.alterations())
        tables = own_tables(self.project.root, self.project.lock.tree) if alterations else ()
        for feature, reason in alterations if tables else ():
            verb = "add" if feature in self.moves.come else "remove"
            command = f'alembic revision --autogenerate -m "{verb} {feature.name}"'
            self.notices.append(
                f"tables of your own need a revision of yours, since {feature.name} is in all of "
                f"them ({reason}): {', '.join(map(str, tables))}; "
                f"after `alembic upgrade head`: {command}"
            )
            yield command


def _names(features: tuple[Feature, ...] | list[Feature]) -> Iterator[str]:
    return (feature.name for feature in features)
