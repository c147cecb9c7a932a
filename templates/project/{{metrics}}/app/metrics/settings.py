"""Settings of the metrics."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from app.settings import EnvSettings, Provide


class MetricsSettings(EnvSettings):
    """Where metrics are shown, and where several processes share them.

    With a port of their own they are not on the application's. The directory is
    chosen by the process itself unless it is named.
    """

    metrics_port: int | None = Field(None, ge=1, le=65535)
    metrics_dir: Path | None = None


MetricsSettingsDep = Annotated[MetricsSettings, Depends(Provide(MetricsSettings))]
