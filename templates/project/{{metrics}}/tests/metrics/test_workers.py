"""Each worker here is a process that counts once and dies in the middle of a request."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from app.metrics.workers import all_workers, common_directory, lock
from tests import ROOT

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
    """Return the requests counted and those in progress, of all workers."""
    lines = generate_latest(all_workers(directory)).decode().splitlines()

    def total(name: str) -> float:
        values = [line.split()[-1] for line in lines if line.startswith(name)]
        return sum(float(value) for value in values)

    return total("http_requests_total{"), total("http_requests_in_progress{")


def test_workers_of_one_supervisor_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    assert common_directory() is None

    monkeypatch.setenv("SERVER_SOFTWARE", "supervisor/1")
    directory = common_directory()

    assert directory is not None
    assert directory.name.endswith(f"-{os.getppid()}")


def test_directory_is_for_its_owner_alone(tmp_path: Path) -> None:
    kill(start(tmp_path / "metrics"))

    assert (tmp_path / "metrics").stat().st_mode & 0o777 == 0o700


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
    kill(start(tmp_path))

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
