"""What the document tells clients of logins and accounts."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.accounts.roles import ROLES, SCOPES

# The answers of each operation, but for the ranges that all operations have.
ANSWERS = {
    "auth_register": "201 403 422 503",
    "auth_login": "200 400 401 415 422 429 503",
    "auth_refresh": "200 401 403",
    "auth_logout": "204 403",
    "auth_logout_all": "204 403",
    "auth_change_password": "204 401 403 422 429 503",
    "users_read_me": "200 401 403",
    "users_update_me": "200 401 403 422",
    "users_list": "200 401 403 422",
    "users_create": "201 401 403 409 422",
    "users_update": "200 401 403 404 409 422",
    "users_update_roles": "200 401 403 404 409 422",
}


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def test_answers(document: dict[str, Any]) -> None:
    documented = {
        operation["operationId"]: " ".join(sorted(filter(str.isdigit, answers)))
        for path in document["paths"].values()
        for operation in path.values()
        if operation["operationId"] in ANSWERS and (answers := operation["responses"])
    }

    assert documented == ANSWERS


def test_login_of_the_documentation(document: dict[str, Any]) -> None:
    [scheme] = document["components"]["securitySchemes"].values()

    assert scheme["flows"]["password"] == {"tokenUrl": "/auth/token", "scopes": SCOPES}


def test_limits_of_passwords_and_roles(document: dict[str, Any]) -> None:
    account = document["components"]["schemas"]["UserCreate"]["properties"]

    assert account["password"]["minLength"] == 12
    assert account["password"]["maxLength"] == 128
    assert account["roles"]["items"]["enum"] == list(ROLES)
