from graphql import GraphQLSchema, build_schema, find_breaking_changes

from app.graphql.schema import sdl
from tests import ROOT

PUBLISHED = build_schema((ROOT / "schema.graphql").read_text("utf-8"))


def breaking(schema: GraphQLSchema) -> list[str]:
    return [change.description for change in find_breaking_changes(PUBLISHED, schema)]


def test_clients_of_the_published_schema_go_on_working() -> None:
    """After an additive change: `python -m app.graphql > schema.graphql`."""
    assert breaking(build_schema(sdl())) == []


def test_a_breaking_change_is_named() -> None:
    changed = sdl().replace("  version: String!\n", "  version: Int!\n  major: Int\n")

    [change] = breaking(build_schema(changed))

    assert "Service.version" in change
