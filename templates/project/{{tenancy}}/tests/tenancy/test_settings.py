"""What has to be said outside local and test."""

import pytest
from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from app.tenancy.settings import TenancySettings

SECRET = SecretStr("the gateway's word")


def settings_in(environment: str) -> Settings:
    return Settings.model_validate({"environment": environment, "allowed_hosts": ["*"]})


@pytest.mark.parametrize("environment_name", ["staging", "production"])
def test_domain_must_be_named(environment_name: str) -> None:
    settings = settings_in(environment_name)

    with pytest.raises(ValueError, match="TENANCY_BASE_DOMAIN"):
        TenancySettings().check(settings)
    TenancySettings(tenancy_base_domain="example.com").check(settings)


def test_gateway_needs_a_secret_in_production() -> None:
    open_gateway = TenancySettings(tenancy_resolver="header")

    open_gateway.check(settings_in("staging"))
    with pytest.raises(ValueError, match="TENANCY_HEADER_SECRET"):
        open_gateway.check(settings_in("production"))
    TenancySettings(tenancy_resolver="header", tenancy_header_secret=SECRET).check(
        settings_in("production")
    )


@pytest.mark.usefixtures("database")
async def test_start_is_refused() -> None:
    """Where no variable names the environment too."""
    app = create_app(settings_in("production"))

    with pytest.raises(ValueError, match="TENANCY_BASE_DOMAIN"):
        async with app.router.lifespan_context(app):
            pass
