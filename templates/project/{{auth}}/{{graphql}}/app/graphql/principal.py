"""Who asks: fields decide what they may have."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.auth.dependencies import Principal, authenticate, login_form
from app.auth.families import FamiliesDep


async def optional_principal(
    connection: HTTPConnection,
    families: FamiliesDep,
    documented: Annotated[str | None, Depends(login_form)],
) -> Principal | None:
    """Return the caller, None without a token; a token that is none is refused."""
    if "authorization" not in connection.headers:
        return None
    return await authenticate(connection, families)


OptionalPrincipal = Annotated[Principal | None, Depends(optional_principal)]
