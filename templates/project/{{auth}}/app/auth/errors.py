"""The refusals of the authentication, as problems."""

from app.kit.problem import ProblemError


def no_token() -> ProblemError:
    return ProblemError(
        401, "This needs an access token", {"WWW-Authenticate": "Bearer"}
    )


def invalid_token() -> ProblemError:
    return ProblemError(
        401,
        "The access token is not valid",
        {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def insufficient_scope(scope: str) -> ProblemError:
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return ProblemError(
        403, f"This needs the scope {scope}", {"WWW-Authenticate": challenge}
    )


def invalid_grant(detail: str) -> ProblemError:
    return ProblemError(
        401, detail, {"WWW-Authenticate": "Bearer"}, error="invalid_grant"
    )


def invalid_scope() -> ProblemError:
    return ProblemError(400, "A scope is unknown or not allowed", error="invalid_scope")


def too_many_failures(retry_after: int) -> ProblemError:
    return ProblemError(
        429, "Too many failed logins", {"Retry-After": str(retry_after)}
    )
