"""URLs of databases."""

from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def normalised(url: SecretStr) -> SecretStr:
    """Name the asynchronous driver in a URL.

    Raises ValueError, without the URL, for one that is none or of another database.
    """
    try:
        parsed = make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError("must be a database URL") from None
    driver = DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver not in DRIVERS.values():
        raise ValueError("must begin with sqlite:// or postgresql://")
    named = parsed.set(drivername=driver)
    return SecretStr(named.render_as_string(hide_password=False))
