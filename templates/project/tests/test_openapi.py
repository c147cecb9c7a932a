"""The document says all that a caller needs."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.fixture
def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


def test_service_is_described(document: dict[str, Any]) -> None:
    assert all(
        document["info"].get(name)
        for name in ("title", "version", "description", "contact")
    )
    assert document["info"]["contact"]["name"]


def test_operations_have_names_of_their_own(operations: list[dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations]

    assert sorted(names) == sorted(set(names))
    assert {"health_live", "health_ready"} <= set(names)


def test_listed_tags_are_described_and_used(
    document: dict[str, Any], operations: list[dict[str, Any]]
) -> None:
    used = {tag for operation in operations for tag in operation.get("tags", [])}

    for tag in document["tags"]:
        assert tag["description"]
        assert tag["name"] in used


def test_refusals_are_problems(operations: list[dict[str, Any]]) -> None:
    for operation in operations:
        refusals = {k: v for k, v in operation["responses"].items() if k >= "4"}
        assert refusals.keys() >= {"4XX", "5XX"}
        for answer in refusals.values():
            assert answer["description"]
            assert list(answer["content"]) == ["application/problem+json"]


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    names = re.findall('#/components/schemas/([^"]+)', json.dumps(document))
    assert set(names) >= {"Problem", "FieldError"}
    assert set(names) <= schemas.keys()
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()


def test_headers_are_no_lists(operations: list[dict[str, Any]]) -> None:
    """Generators of clients leave out an operation with a list in a header."""
    parameters = [one for each in operations for one in each.get("parameters", [])]
    headers = [one for one in parameters if one["in"] == "header"]

    for header in headers:
        assert "array" not in str(header["schema"])
