"""The shipped `schema.graphql` is what the project itself would print."""

import subprocess
import sys

import pytest

from tests.rooms.conftest import Render


@pytest.mark.parametrize(
    "others",
    [{}, {"example": False}, {"auth": True, "versioning": "path", "tenancy": "row"}],
    ids=["example", "service", "auth+tenancy+versioning"],
)
def test_schema_is_what_is_printed(render: Render, others: dict[str, bool | str]) -> None:
    project = render(graphql="strawberry", **others)

    printed = subprocess.run(
        [sys.executable, "-B", "-m", "app.graphql"],
        cwd=project,
        check=True,
        capture_output=True,
        text=True,
    )

    assert printed.stdout == (project / "schema.graphql").read_text("utf-8")
