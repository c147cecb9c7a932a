"""Metrics for Prometheus."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.kit.problem import ProblemError
from app.metrics.settings import MetricsSettingsDep

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request, settings: MetricsSettingsDep) -> Response:
    """Show all metrics, unless they have a port of their own."""
    if settings.metrics_port:
        raise ProblemError(404, "Metrics have a port of their own")
    text = generate_latest(request.app.state.metrics_registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
