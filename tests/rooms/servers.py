"""Servers of generated projects, run as a user would."""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.support.ports import free_port

PATIENCE = 60.0
"""Seconds that a server may take to start or to stop: several tests share the machine."""


@dataclass
class Server:
    """A process that answers at `url`; `log` has what it wrote."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE)


@contextmanager
def serving(
    command: list[str], project: Path, environment: Mapping[str, str], port: int | None = None
) -> Generator[Server]:
    """Run a command of the project until it answers; `{port}` in it and in values is the port."""
    port = port or free_port()
    log = project / "server.log"
    filled = {name: value.format(port=port) for name, value in environment.items()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [word.format(port=port) for word in command],
            cwd=project,
            env=plain_environment() | filled,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def plain_environment() -> dict[str, str]:
    """The environment without settings of a developer; programs of this one first in the path."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if server.get("/health/live").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server does not answer:\n{server.log.read_text()}")


def wait_for_text(log: Path, text: str, count: int = 1) -> None:
    """Wait until a text stands in a log: a server writes it after the answer."""
    deadline = time.monotonic() + PATIENCE
    while log.read_text(errors="replace").count(text) < count:
        assert time.monotonic() < deadline, f"no {text!r} in\n{log.read_text(errors='replace')}"
        time.sleep(0.05)
