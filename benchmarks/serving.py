"""Starts an application, loads it, and watches its memory."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from subjects import EMAIL, PASSWORD, PEERS, Subject

from tests.support.ports import free_port

CONNECTIONS = 16
PATIENCE = 30  # seconds for a start, and for an answer
TOLERATED = 0.01  # of all requests: SQLite refuses a writer that has waited too long
SCRIPT = PEERS.parent / "load.lua"
BODY = {
    "name": "Posted",
    "description": "By the benchmark",
    "price": {"amount": "9.90", "currency": "EUR"},
    "tags": ["one", "two"],
}


@dataclass(frozen=True)
class Load:
    """Requests a second, and the latency in milliseconds of half and of 99 % of them.

    `cpu` is the processor time that the application takes for one, in milliseconds: it says the
    same on a busy machine.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    failed: int


@dataclass(frozen=True)
class Export:
    """Seconds, and bytes of memory that it took at most beyond those before it."""

    seconds: float
    growth: float


@dataclass
class Server:
    """A running application."""

    subject: Subject
    port: int
    process: psutil.Process
    started_in: float
    """Seconds from the command to the first answer."""

    @property
    def processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def memory(self) -> int:
        """Resident bytes of all its processes."""
        return sum(process.memory_info().rss for process in self.processes)

    def cpu(self) -> float:
        """Seconds that its processes have computed."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes)

    def log_in(self) -> dict[str, str]:
        """The headers of a request for an item."""
        if "auth" not in self.subject.features:
            return self.subject.headers
        form = urlencode({"username": EMAIL, "password": PASSWORD})
        headers = {**self.subject.headers, "Content-Type": "application/x-www-form-urlencoded"}
        with self.connected() as connection:
            connection.request("POST", "/auth/token", form, headers)
            token = json.loads(connection.getresponse().read())["access_token"]
        return {**self.subject.headers, "Authorization": f"Bearer {token}"}

    def load(
        self, path: str, seconds: int, headers: dict[str, str], body: Any | None = None
    ) -> Load:
        """Ask for one path on several connections; more than a few failures end the run."""
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            f"-s{SCRIPT}",
            f"--timeout={PATIENCE}s",
        ]
        command += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
        env = {**os.environ, **({"BODY": json.dumps(body)} if body else {})}
        url = f"http://127.0.0.1:{self.port}{path}"
        before = self.cpu()
        done = subprocess.run([*command, url], env=env, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        if found["failed"] > found["requests"] * TOLERATED:
            raise SystemExit(f"{self.subject.name} {path}: {found['failed']} requests failed")
        rate = found["requests"] / found["microseconds"] * 1e6
        cpu = (self.cpu() - before) / found["requests"] * 1000
        return Load(rate, found["p50"] / 1000, found["p99"] / 1000, cpu, found["failed"])

    def export(self, path: str, headers: dict[str, str], rows: int) -> Export:
        """Read the whole export, and note the memory meanwhile."""
        before = self.memory()
        peaks = [before]
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.01):
                peaks.append(self.memory())

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.perf_counter()
        try:
            with self.connected() as connection:
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                lines = sum(chunk.count(b"\n") for chunk in iter(lambda: answer.read(65536), b""))
        finally:
            ended.set()
            watcher.join()
        if lines not in (rows, rows + 1):
            raise SystemExit(f"{self.subject.name} {path}: {answer.status}, {lines} lines")
        return Export(time.perf_counter() - began, max(peaks) - before)

    @contextmanager
    def connected(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            yield connection
        finally:
            connection.close()


def in_turns(asked: Iterable[tuple[Subject, str]], kind: str, turns: int) -> dict[str, list[Load]]:
    """Ask each application for a path, one after the other, many times for a second.

    All run meanwhile: what makes the machine slow for a while is in the figures of all.
    """
    loads: dict[str, list[Load]] = {}
    with ExitStack() as stack:
        ready = []
        for subject, path in asked:
            server = stack.enter_context(serving(subject, kind))
            ready.append((server, path, server.log_in()))
        for turn in range(turns + 1):
            for server, path, headers in ready:
                found = server.load(path, 1, headers)
                if turn:  # the first warms up
                    loads.setdefault(server.subject.name, []).append(found)
    return loads


@contextmanager
def serving(subject: Subject, kind: str, also_import: Path | None = None) -> Iterator[Server]:
    """Start an application, and stop it."""
    port = free_port()
    arguments = [word.format(port=port) for word in subject.serve]
    env = subject.environment(kind)
    if also_import:
        env["ALSO_IMPORT"] = str(also_import)
    with (subject.python.parent / "server.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(subject.python), "-m", *arguments],
            cwd=subject.home,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_up(port, process, log.name)
            took = time.perf_counter() - began
            yield Server(subject, port, psutil.Process(process.pid), took)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def wait_until_up(port: int, process: subprocess.Popen[bytes], log: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        with suppress(OSError):
            connection.request("GET", "/health/live")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        connection.close()
        time.sleep(0.005)
    raise SystemExit(f"it does not start:\n{Path(log).read_text()[-2000:]}")


def check_tools() -> None:
    """Say what is missing on this machine."""
    for tool, hint in (("wrk", "apt-get install wrk"), ("uv", "see docs.astral.sh/uv")):
        if shutil.which(tool) is None:
            raise SystemExit(f"`{tool}` is missing: {hint}")
