"""What revisions of the user's own did to tables of forge's, where forge drops those."""

from collections.abc import Collection, Iterator

from fastapi_forge.project.revisions import Migrations, Revision
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.template.migrations import is_appended, revision_templates


def clashes(
    migrations: Migrations, catalog: Catalog, tables: Collection[str], path: str, made: set[str]
) -> Iterator[str]:
    """What is to be changed in the revision at `path`, which drops tables.

    `made` are those that the same run makes, after all revisions of the user's.
    """
    if twice := sorted(migrations.dropped.intersection(tables) - made):
        yield f"a revision of yours drops {', '.join(twice)} already: take that out of `{path}`"
    going = migrations.tables.intersection(tables) - made
    shipped = {revision.id for revision in revision_templates(catalog).values()}
    for revision in migrations.revisions:
        is_own = revision.id not in shipped and not is_appended(revision.id)
        if is_own and (changed := _changed(revision, going)):
            yield (
                f"`{revision.path}` of yours changes {', '.join(changed)}: have `downgrade` in "
                f"`{path}` bring that back too, or `alembic downgrade` fails"
            )


def _changed(revision: Revision, tables: Collection[str]) -> list[str]:
    """The tables that a revision's operations name, be it after the name of an index or a key."""
    named = {text for operation in revision.operations for text in operation.texts}
    return sorted(named.intersection(tables))
