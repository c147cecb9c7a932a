"""Each worker here is a process that counts once and dies in the middle of a request."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import generate_latest, values

from app.main import create_app
from app.metrics.workers import (
    Worker,
    all_workers,
    common_directory,
    forget_living,
    lock,
)
from tests import ROOT
from tests.conftest import browse

WORKER = """
import os, sys
from pathlib import Path
from prometheus_client import CollectorRegistry
from app.metrics.collectors import Metrics
from app.metrics.workers import Worker

worker = Worker(Path(sys.argv[1]))
metrics = Metrics(CollectorRegistry())
labels = ["GET", "/", "200", ""][: len(metrics.requests._labelnames)]
metrics.requests.labels(*labels).inc()
metrics.in_progress.labels("GET").inc()
metrics.pool_open.inc()
metrics.pool_in_use.inc()
print("counted", flush=True)
sys.stdin.read()
os._exit(1)
"""


def start(directory: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.communicate("")


def shown(directory: Path) -> tuple[float, float]:
    """Return the requests counted, and what living workers have of each gauge."""
    lines = generate_latest(all_workers(directory)).decode().splitlines()

    def total(name: str) -> float:
        values = [line.split()[-1] for line in lines if line.startswith(name)]
        return sum(float(value) for value in values)

    in_progress = total("http_requests_in_progress{")
    for gauge in ("db_pool_connections_open ", "db_pool_connections_in_use "):
        assert total(gauge) == in_progress
    return total("http_requests_total{"), in_progress


def test_workers_of_one_supervisor_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    assert common_directory() is None

    monkeypatch.setenv("SERVER_SOFTWARE", "supervisor/1")
    directory = common_directory()

    assert directory is not None
    assert directory.name.endswith(f"-{os.getppid()}")


def test_directory_is_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "metrics"
    kill(start(directory))

    assert directory.stat().st_mode & 0o777 == 0o700


def test_directory_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: -1)

    with pytest.raises(PermissionError):
        Worker(tmp_path)


@pytest.mark.usefixtures("database")
async def test_directory_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_DIR", str(tmp_path))
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)  # put back afterwards
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # this as well
    app = create_app()

    async with app.router.lifespan_context(app), browse(app) as client:
        text = (await client.get("/metrics")).text
        assert lock(tmp_path, 0) is None
    app.state.worker.lock.close()

    assert 'http_requests_in_progress{method="GET"} 1' in text


def test_workers_are_added_up(tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)

    assert shown(tmp_path) == (2, 2)

    kill(first)
    kill(second)


def test_death_keeps_what_was_counted_alone(tmp_path: Path) -> None:
    first, second = start(tmp_path), start(tmp_path)
    kill(first)

    assert shown(tmp_path) == (2, 1)

    kill(second)


def test_successor_goes_on_counting_in_the_same_files(tmp_path: Path) -> None:
    kill(start(tmp_path))
    successor = start(tmp_path)

    assert shown(tmp_path) == (2, 1)
    kill(successor)
    assert shown(tmp_path) == (2, 0)
    assert [path.name for path in tmp_path.glob("*.lock")] == ["0.lock"]


def test_number_is_held_once(tmp_path: Path) -> None:
    held = lock(tmp_path, 0)
    assert held is not None

    assert lock(tmp_path, 0) is None

    held.close()
    again = lock(tmp_path, 0)
    assert again is not None
    again.close()


def test_what_another_worker_has_forgotten_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: [tmp_path / "gauge_livesum_0.db"])

    forget_living(tmp_path, 0)
