"""Metrics of several workers, added up by whichever of them is asked.

Each worker writes to files of its own number. A number is held by a lock, which the
system frees when the worker dies: the next worker goes on counting in its files, and
what only a living worker has (requests in progress, connections) is forgotten.
"""

import fcntl
import multiprocessing
import os
import tempfile
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import IO

from prometheus_client import CollectorRegistry, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MultiProcessValue

from app.about import NAME


def common_directory() -> Path | None:
    """Return where the workers of this one's supervisor meet; None without one."""
    is_alone = multiprocessing.parent_process() is None
    if is_alone and "SERVER_SOFTWARE" not in os.environ:
        return None
    return Path(tempfile.gettempdir()) / f"{NAME}-metrics-{os.getppid()}"


def lock(directory: Path, number: int) -> IO[str] | None:
    """Take a worker's number; None if somebody has it."""
    file = (directory / f"{number}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def forget_living(directory: Path, number: int) -> None:
    """Remove what only a living worker has."""
    for path in directory.glob(f"gauge_live*_{number}.db"):
        path.unlink(missing_ok=True)


class Worker:
    """This process among the workers that share a directory."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if directory.stat().st_uid != os.geteuid():
            raise PermissionError(f"{directory} belongs to somebody else")
        held = (
            (number, file) for number in count() if (file := lock(directory, number))
        )
        number, self.lock = next(held)
        forget_living(directory, number)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
        values.ValueClass = MultiProcessValue(lambda: number)


class AllWorkers(Collector):
    """Adds up what all workers wrote; the dead have no requests in progress."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.workers = MultiProcessCollector(None, str(directory))

    def collect(self) -> Iterable[Metric]:
        for path in self.directory.glob("*.lock"):
            number = int(path.stem)
            if file := lock(self.directory, number):
                forget_living(self.directory, number)
                file.close()
        metrics: Iterable[Metric] = self.workers.collect()
        return metrics


def all_workers(directory: Path) -> CollectorRegistry:
    """Return a registry that shows the metrics of all workers."""
    registry = CollectorRegistry()
    registry.register(AllWorkers(directory))
    return registry
