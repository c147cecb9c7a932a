import json
import runpy
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.versioning import snapshots
from app.versioning.compatibility import breaking_changes
from app.versioning.documents import contract_of
from app.versioning.snapshots import file_of, read
from app.versioning.versions import VERSIONS

NUMBERS = [version.number for version in VERSIONS]


@pytest.mark.parametrize("number", NUMBERS)
def test_clients_of_a_published_version_go_on_working(
    app: FastAPI, number: int
) -> None:
    """After an additive change: `python -m app.versioning snapshot`."""
    assert breaking_changes(read(number), contract_of(app, number)) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_refusals_and_guards_are_no_part_of_a_contract(
    app: FastAPI, number: int
) -> None:
    contract = contract_of(app, number)

    for operations in contract["paths"].values():
        for operation in operations.values():
            assert "security" not in operation
            assert max(operation["responses"]) < "4"
    schemas = contract["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()


def test_renewing_keeps_what_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {number: file_of(number).read_text("utf-8") for number in NUMBERS}
    published = {n: text.replace('"API"', '"Café"') for n, text in texts.items()}
    (tmp_path / "openapi").mkdir()
    monkeypatch.setattr(
        snapshots, "contract_of", lambda _, number: json.loads(published[number])
    )
    monkeypatch.setattr(snapshots, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["app.versioning", "snapshot"])

    runpy.run_module("app.versioning", run_name="__main__")

    for number in NUMBERS:
        assert file_of(number).read_text("utf-8") == published[number]
