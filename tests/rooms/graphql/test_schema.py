"""The shipped `schema.graphql` is what the project itself would print, by either library."""

import subprocess

import pytest

from tests.matrix.cases import Case
from tests.matrix.environments import UnavailableError, python_of
from tests.rooms.conftest import Render
from tests.rooms.services import missing


@pytest.mark.parametrize("kind", ["strawberry", "graphene"])
@pytest.mark.parametrize(
    "others",
    [{}, {"example": False}, {"auth": True, "versioning": "path", "tenancy": "row"}],
    ids=["example", "service", "auth+tenancy+versioning"],
)
def test_schema_is_what_is_printed(
    render: Render, kind: str, others: dict[str, bool | str]
) -> None:
    project = render(graphql=kind, **others)
    try:
        python = python_of(Case.of({"graphql": kind}))
    except UnavailableError as error:
        missing(str(error))

    printed = subprocess.run(
        [python, "-B", "-m", "app.graphql"],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )

    assert printed.stdout == (project / "schema.graphql").read_text("utf-8")
