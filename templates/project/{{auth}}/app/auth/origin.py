"""A fence for the requests that a cookie alone authorises."""

from fastapi import Request

from app.kit.problem import ProblemError
from app.settings import SettingsDep


async def same_origin(request: Request, settings: SettingsDep) -> None:
    """Refuse with 403 what another site may have sent.

    Browsers say where a request comes from (`Origin`): it must be here, or listed in
    CORS_ORIGINS. Who doesn't say it sends `X-Requested-With`, which no form of
    another site can.
    """
    origins = request.headers.getlist("origin")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    listed = {here.lower(), *settings.cors_origins}
    trusted = (
        set(origins) <= listed if origins else "x-requested-with" in request.headers
    )
    if not trusted:
        raise ProblemError(403, "The request comes from another site")
