"""Gunicorn with the generated configuration: logs, forwarded headers, stop."""

import json
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.rooms.conftest import Render
from tests.rooms.servers import PATIENCE, Server, serving
from tests.rooms.services import run

COMMAND = ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
ENVIRONMENT = {
    "BIND": "127.0.0.1:{port}",
    "WEB_CONCURRENCY": "2",
    "ENVIRONMENT": "production",
    "ALLOWED_HOSTS": '["*"]',
    "SECRET_KEY": "b2xkIHNlY3JldHMgYXJlIG5vIHNlY3JldHMgYXQgYWxs",
}

# A route of the user's that tells whom the application believes to talk to.
WHOAMI = """

import asyncio

from fastapi import Request


@router.get("/whoami")
async def whoami(request: Request, wait: float = 0) -> dict[str, str]:
    await asyncio.sleep(wait)
    assert request.client is not None
    return {"client": request.client.host, "scheme": request.url.scheme}
"""


@pytest.fixture
def project(render: Render, tmp_path: Path) -> Path:
    copy = tmp_path / "demo"
    shutil.copytree(render(gunicorn=True), copy)
    with (copy / "app/api.py").open("a") as routes:
        routes.write(WHOAMI)
    run("alembic", "upgrade", "head", cwd=copy)
    return copy


def wait_for_exit(server: Server) -> int:
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(PATIENCE)


def test_every_line_is_json_and_the_proxy_is_believed(project: Path) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with serving(COMMAND, project, ENVIRONMENT) as server:
        seen = server.get("/whoami", **forwarded).json()
        exit_code = wait_for_exit(server)

    assert seen == {"client": "192.0.2.7", "scheme": "https"}
    assert exit_code == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert any("Listening at" in line["event"] for line in lines)
    assert any(line["event"] == "request" and line["route"] == "/whoami" for line in lines)


def test_strangers_are_not_believed(project: Path) -> None:
    with serving(COMMAND, project, {**ENVIRONMENT, "FORWARDED_ALLOW_IPS": "192.0.2.1"}) as server:
        seen = server.get("/whoami", **{"X-Forwarded-For": "192.0.2.7"}).json()

    assert seen == {"client": "127.0.0.1", "scheme": "http"}


def test_stop_lets_running_requests_finish(project: Path) -> None:
    answers: list[int] = []
    with serving(COMMAND, project, ENVIRONMENT) as server:
        slow = threading.Thread(
            target=lambda: answers.append(server.get("/whoami?wait=2").status_code)
        )
        slow.start()
        time.sleep(1)
        exit_code = wait_for_exit(server)
        slow.join()

    assert (answers, exit_code) == ([200], 0)
