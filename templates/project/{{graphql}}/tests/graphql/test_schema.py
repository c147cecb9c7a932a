import runpy

import pytest
from graphql import (
    DangerousChangeType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
)

from app.graphql.schema import sdl
from tests import ROOT

PUBLISHED = build_schema((ROOT / "schema.graphql").read_text("utf-8"))


def breaking(schema: GraphQLSchema) -> list[str]:
    """Name the changes that break clients; a default that changes is one of them."""
    other_default = DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE
    dangers = find_dangerous_changes(PUBLISHED, schema)
    return [
        *(change.description for change in find_breaking_changes(PUBLISHED, schema)),
        *(danger.description for danger in dangers if danger.type is other_default),
    ]


def test_clients_of_the_published_schema_go_on_working() -> None:
    """After an additive change: `python -m app.graphql > schema.graphql`."""
    assert breaking(build_schema(sdl())) == []


def test_a_breaking_change_is_named() -> None:
    changed = sdl().replace("  version: String!\n", "  version: Int!\n  major: Int\n")

    [change] = breaking(build_schema(changed))

    assert "Service.version" in change


def test_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("app.graphql", run_name="__main__")

    assert breaking(build_schema(capsys.readouterr().out)) == []
