import pytest
from fastapi import FastAPI

from app.versioning.compatibility import breaking_changes
from app.versioning.documents import contract_of
from app.versioning.snapshots import read
from app.versioning.versions import VERSIONS


@pytest.mark.parametrize("number", [version.number for version in VERSIONS])
def test_clients_of_a_published_version_go_on_working(
    app: FastAPI, number: int
) -> None:
    """After an additive change: `python -m app.versioning snapshot`."""
    assert breaking_changes(read(number), contract_of(app, number)) == []
