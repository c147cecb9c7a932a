"""Settings of the tenants."""

import re
from typing import Annotated, Literal, Self

from fastapi import Depends
from pydantic import AfterValidator, Field, SecretStr, model_validator

from app.settings import EnvSettings, Provide

DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")


def domain(value: str) -> str:
    name = value.lower().removesuffix(".")
    if not DOMAIN.fullmatch(name):
        raise ValueError("must be a domain name, without scheme and port")
    return name


class TenancySettings(EnvSettings):
    """How a request names its tenant."""

    environment: Literal["local", "test", "staging", "production"] = "local"
    tenancy_resolver: Literal["subdomain", "header"] = "subdomain"
    tenancy_base_domain: Annotated[str, AfterValidator(domain)] = "localhost"
    tenancy_header_secret: SecretStr | None = Field(default=None, min_length=16)
    tenancy_reserved: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def named_where_it_matters(self) -> Self:
        if self.environment in ("local", "test"):
            return self
        if self.tenancy_resolver == "header":
            if self.environment == "production" and not self.tenancy_header_secret:
                raise ValueError("TENANCY_HEADER_SECRET must be set in production")
        elif "tenancy_base_domain" not in self.model_fields_set:
            raise ValueError("TENANCY_BASE_DOMAIN must be set outside local and test")
        return self


TenancySettingsDep = Annotated[TenancySettings, Depends(Provide(TenancySettings))]
