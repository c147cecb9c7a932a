"""Whether requests are traced, and as what."""

import os
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from starlette.types import Scope

from app.about import NAME, VERSION
from app.settings import Settings

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def is_exporting() -> bool:
    """Tell whether the standard variables name somebody who takes spans."""
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not disabled and any(os.environ.get(name) for name in ENDPOINTS)


def is_probe(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith(("/health", "/metrics"))


def telemetry(settings: Settings) -> dict[str, Any]:
    """Switch FastAPI's own tracing on where spans are exported, else off."""
    config = TelemetryConfig(
        tracing=is_exporting(),
        metrics=False,
        logs=False,
        auto_configure=False,
        exclude=is_probe,
    )
    if is_exporting():
        config["tracer_provider"] = tracer_provider(settings)
    return {"telemetry": config}


def tracer_provider(settings: Settings) -> TracerProvider:
    """Make a provider whose spans say which service they come from."""
    attributes = {
        "service.name": os.environ.get("OTEL_SERVICE_NAME", NAME),
        "service.version": VERSION,
        "deployment.environment.name": settings.environment,
    }
    return TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
