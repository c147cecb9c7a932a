"""Metrics of two real workers, before and after one of them is killed."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.rooms.conftest import Render
from tests.rooms.servers import PATIENCE, Server, serving

COMMANDS = {
    "uvicorn": ["python", "-m", "uvicorn", "app.main:app", "--port", "{port}", "--workers", "2"],
    "gunicorn": ["gunicorn", "--config", "deploy/gunicorn.conf.py"],
}


def counted(server: Server) -> float:
    text = server.get("/metrics").text
    series = re.findall(r'^http_requests_total\{.*"/info".*\} (\S+)$', text, re.M)
    return sum(float(value) for value in series)


def children(pid: int) -> set[int]:
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = [line for line in listed.splitlines() if "resource_tracker" not in line]
    return {int(line.split()[0]) for line in lines}


def wait_for_workers(server: Server, gone: int | None = None) -> set[int]:
    workers: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        workers = children(server.process.pid)
        if len(workers) == 2 and gone not in workers:
            return workers
        time.sleep(0.1)
    raise AssertionError(f"not two workers but {workers}:\n{server.log.read_text()}")


@pytest.mark.parametrize("server_program", COMMANDS)
def test_right_after_a_death(render: Render, tmp_path: Path, server_program: str) -> None:
    environment = {
        "BIND": "127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "DATABASE_URL": f"sqlite:///{tmp_path}/app.db",
        "TMPDIR": str(tmp_path),
    }
    project = render(metrics=True, gunicorn=True)
    with serving(COMMANDS[server_program], project, environment) as server:
        victim = min(wait_for_workers(server))
        for _ in range(10):
            server.get("/info")
        before = {counted(server) for _ in range(5)}
        os.kill(victim, signal.SIGKILL)
        wait_for_workers(server, gone=victim)
        server.get("/info")
        after = {counted(server) for _ in range(5)}

    assert before == {10}
    assert after == {11}
