import asyncio
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"


def configuration() -> dict[str, Any]:
    return runpy.run_path(str(CONFIGURATION))


def test_workers_are_as_many_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "3")

    assert configuration()["workers"] == 3


def test_workers_are_one_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 4)

    assert configuration()["workers"] == 4


def test_workers_are_not_replaced_all_at_once() -> None:
    settings = configuration()

    assert 0 < settings["max_requests_jitter"] < settings["max_requests"]


def test_requests_may_finish_before_workers_are_killed() -> None:
    assert configuration()["graceful_timeout"] == 30


async def test_accepted_connections_are_answered_by_a_worker_that_ends() -> None:
    options = configuration()["worker_class"].CONFIG_KWARGS
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.return_value = None
    connection = options["http"](Config("app.main:app"), ServerState(), {})
    connection.connection_made(transport)

    connection.shutdown()

    transport.close.assert_not_called()
    assert options["timeout_graceful_shutdown"] == 30


@pytest.mark.parametrize(
    ("bind", "believed"),
    [
        ("0.0.0.0:8000", "127.0.0.1,::1"),
        ("unix:/run/app/app.sock", "*"),
        ("unix:/run/app/app.sock,0.0.0.0:8000", "127.0.0.1,::1"),
    ],
)
def test_only_the_proxy_is_believed(
    monkeypatch: pytest.MonkeyPatch, bind: str, believed: str
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    monkeypatch.setenv("BIND", bind)

    assert configuration()["forwarded_allow_ips"] == believed
