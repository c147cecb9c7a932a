"""What `add` and `remove` append to a project's migrations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi_forge.answers import Choice
from fastapi_forge.catalog import Answers, Catalog, Feature
from fastapi_forge.errors import UsageError
from fastapi_forge.lifecycle import Project
from fastapi_forge.migrations import (
    KEPT,
    VERSIONS,
    Addition,
    additions,
    has_tables,
    revision_path,
    revisions_of,
    single_head,
    tables_in,
)
from fastapi_forge.render import Rendered
from fastapi_forge.tree import File, Tree

Renderer = Callable[[Choice, Addition | None], Rendered]


class MovesDataError(UsageError):
    """A change of kind for which rows would have to be moved, which no revision can do."""

    code = "moves-data"

    def __init__(self, before: str, after: str, docs: str) -> None:
        super().__init__(
            f"`{before}` can't become `{after}`: rows would have to be moved",
            f"see {docs}; where every database is empty, run it again with --no-data",
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A target, and what is appended to the history on the way to it."""

    rendered: Rendered
    appended: Tree
    notices: tuple[str, ...] = ()
    kept: File | None = None


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

    Raises SeveralHeadsError, and MovesDataError unless `no_data`.
    """
    with_tables = [f for f in catalog.features.values() if has_tables(f, catalog)]
    before, after = project.answers, choice.answers
    if not no_data:
        _check_kinds(with_tables, catalog, before, after)
    there = [f for f in with_tables if before.get(f.key) is True]
    gone = [f for f in reversed(there) if after.get(f.key) is not True]
    come = [f for f in with_tables if f not in there and after.get(f.key) is True]
    if not (gone or come) or not (project.root / "migrations").is_dir():
        return Turn(render(choice, None), Tree())
    head = single_head(revisions_of(project.root))
    appended: dict[str, File] = {}
    notices: list[str] = []
    kept: list[str] = []
    tableless = [f for f in catalog.on(before) if f not in there and after.get(f.key) is not True]
    current: Answers = {**before, **{f.key: False for f in tableless}}
    for step in additions("remove", _names(gone), _names(there), head):
        file = _revision(catalog, step, render(Choice(current), step))
        current = {**current, catalog.features[step.feature].key: False}
        if keep_data:
            kept += tables_in(file)
            continue
        appended[f"{VERSIONS}{step.id}.py"] = file
        head = step.id
        tables = ", ".join(tables_in(file)) or "none"
        notices.append(
            f"`alembic upgrade head` will drop what {step.feature} brought, data included "
            f"(tables: {tables})"
        )
    rendered = None
    staying = [f.name for f in there if f not in gone]
    for step in additions("add", _names(come), staying, head):
        rendered = render(choice, step)
        appended[f"{VERSIONS}{step.id}.py"] = _revision(catalog, step, rendered)
    if kept:
        notices.append(f"tables kept in the database, listed in {KEPT}: {', '.join(kept)}")
    return Turn(
        rendered or render(choice, None),
        Tree(appended),
        tuple(notices),
        _with_lines(project.workspace.read_file(KEPT), kept) if kept else None,
    )


def _check_kinds(
    with_tables: list[Feature], catalog: Catalog, before: Answers, after: Answers
) -> None:
    has_history = any(before.get(feature.key) is True for feature in with_tables)
    for feature in with_tables:
        on_before, on_after = before.get(feature.key) is True, after.get(feature.key) is True
        if not on_after:
            continue
        new = catalog.spelled(feature, after)
        if on_before and (old := catalog.spelled(feature, before)) != new:
            raise MovesDataError(old, new, feature.docs)
        moves = catalog.kind_of(feature, after) in feature.moves_data
        if moves and has_history and not on_before:
            raise MovesDataError(f"no {feature.name}", new, feature.docs)


def _names(features: list[Feature]) -> Iterator[str]:
    return (feature.name for feature in features)


def _revision(catalog: Catalog, step: Addition, rendered: Rendered) -> File:
    path = revision_path(catalog.features[step.feature], catalog)
    return rendered.tree[path or ""]


def _with_lines(file: File | None, tables: list[str]) -> File:
    lines = file.content.decode().splitlines() if file else []
    return File("".join(f"{name}\n" for name in sorted({*lines, *tables})).encode())
