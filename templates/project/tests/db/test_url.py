import pytest
from pydantic import SecretStr

from app.db.url import normalised


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("sqlite:///app.db", "sqlite+aiosqlite:///app.db"),
        ("sqlite+aiosqlite:///app.db", "sqlite+aiosqlite:///app.db"),
        ("postgres://a:b@c/d", "postgresql+asyncpg://a:b@c/d"),
        ("postgresql://a:p%40ss@c/d", "postgresql+asyncpg://a:p%40ss@c/d"),
    ],
)
def test_driver_is_named(given: str, url: str) -> None:
    assert normalised(SecretStr(given)).get_secret_value() == url


@pytest.mark.parametrize("given", ["", "nonsense", "mysql://a:secret@c/d"])
def test_other_url_is_refused_without_being_shown(given: str) -> None:
    with pytest.raises(ValueError, match="must") as refusal:
        normalised(SecretStr(given))

    assert "secret" not in str(refusal.value)
