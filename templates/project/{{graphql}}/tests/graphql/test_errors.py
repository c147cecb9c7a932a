from typing import Any

import pytest
from graphql import GraphQLError

from app.graphql.errors import describe
from app.kit.problem import InvalidValueError, NotFoundError, ProblemError


def shown(cause: Exception) -> dict[str, Any]:
    error = GraphQLError("the secret", original_error=cause)
    return describe(error, "request", suggestions=True)


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (ProblemError(401, "No token"), "UNAUTHENTICATED"),
        (ProblemError(403, "Not yours"), "FORBIDDEN"),
        (NotFoundError("lamp"), "NOT_FOUND"),
        (InvalidValueError(["n"], "is wrong"), "BAD_USER_INPUT"),
        (ProblemError(499, "Odd"), "BAD_USER_INPUT"),
    ],
)
def test_refusals_of_services_are_told(refusal: ProblemError, code: str) -> None:
    assert shown(refusal) == {
        "message": refusal.detail,
        "extensions": {"code": code},
    }


@pytest.mark.parametrize(
    "failure", [RuntimeError("the secret"), ProblemError(500, "the secret")]
)
def test_other_failures_are_not(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    error = shown(failure)

    assert error["extensions"] == {"code": "INTERNAL", "request_id": "request"}
    assert "secret" not in error["message"]
    assert "the secret" in caplog.text


def test_error_may_bring_a_code() -> None:
    error = GraphQLError("x", extensions={"code": "TOO_COMPLEX"})

    assert describe(error, "", suggestions=True)["extensions"]["code"] == "TOO_COMPLEX"
