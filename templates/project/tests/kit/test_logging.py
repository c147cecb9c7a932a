import json
import logging
import logging.config
import sys
import warnings
from pathlib import Path
from unittest.mock import Mock

import pytest
import structlog
from httpx2 import AsyncClient

from app.kit import access_log
from app.kit.logging import configure_logging
from tests import ROOT
from tests.kit.conftest import app
from tests.leaving import leave_upload

SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in lines if line["logger"] != "httpx2"]


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/things/1", "/things/{number}", 200),
        ("HEAD", "/things/1", "/things/{number}", 200),
        ("GET", "/nope", "unmatched", 404),
    ],
)
async def test_a_line_a_request(
    method: str,
    path: str,
    route: str,
    status: int,
    things: AsyncClient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Mock(perf_counter=Mock(side_effect=[2.0, 2.0123456]))
    monkeypatch.setattr(access_log, "time", clock)
    configure_logging("INFO", "json")

    await things.request(
        method, f"{path}?token=SENTINEL", headers={"X-Request-ID": "r-1"}
    )

    (line,) = logged(capsys)
    assert (line["method"], line["route"], line["status"]) == (method, route, status)
    assert (line["logger"], line["request_id"]) == ("app.access", "r-1")
    assert line["duration_ms"] == 12.35
    assert str(line["timestamp"]).endswith("Z")
    assert "SENTINEL" not in str(line)


@pytest.mark.usefixtures("things")
async def test_client_that_leaves_is_no_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")

    await leave_upload(app, "/any")

    (line,) = logged(capsys)
    assert (line["method"], line["status"], line["level"]) == ("POST", 499, "info")


async def test_probes_are_not_logged(
    things: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", "json")

    await things.get("/health")
    await things.get("/health/nowhere")
    await things.get("/healthy")

    (line,) = logged(capsys)
    assert line["status"] == 404


def test_every_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    for name in SERVER:
        logging.getLogger(name).addHandler(logging.StreamHandler())
    logging.captureWarnings(False)
    configure_logging("INFO", "json")

    for name in SERVER:
        logging.getLogger(name).info("started", extra={"color_message": "x"})
    structlog.get_logger("app").info("said", value=Path("there"))
    warnings.showwarning("careful", UserWarning, "module.py", 1)

    *started, said, careful = logged(capsys)
    assert [line["logger"] for line in started] == ["uvicorn", "uvicorn.error"]
    assert "color_message" not in started[0]
    assert said["value"] == "there"
    assert "careful" in str(careful["event"])


def test_web_sockets_are_logged_without_query(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json")
    log = logging.getLogger("uvicorn.error")

    log.info('%s - "WebSocket %s" 403', "127.0.0.1:5", '/things?token="SENTINEL"')

    (line,) = logged(capsys)
    assert line["event"] == '127.0.0.1:5 - "WebSocket /things" 403'


def test_shipped_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "deploy" / "log_config.json").read_text("utf-8")
    logging.config.dictConfig(json.loads(text))

    logging.getLogger("uvicorn.error").info("started")
    logging.getLogger("uvicorn.access").info("twice")

    (line,) = logged(capsys)
    assert line["event"] == "started"


def test_what_ends_the_process_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    error = RuntimeError("the end")

    sys.excepthook(RuntimeError, error, None)

    (line,) = logged(capsys)
    assert (line["level"], line["exception"]) == ("critical", "RuntimeError: the end")


def test_interruption_is_no_defect(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert capsys.readouterr().err == "KeyboardInterrupt\n"


def test_console_lines_cannot_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")

    try:
        raise ValueError("oh\nforged")
    except ValueError:
        log = structlog.get_logger("app")
        log.exception("bad\nforged \x1b[31m", value="\rforged")

    text = capsys.readouterr().err
    assert not [line for line in text.splitlines() if line.startswith("forged")]
    assert "\n    | ValueError: oh" in text
    assert "\x1b" not in text
    assert "\r" not in text


def test_a_failed_start_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")

    trace = "Traceback (most recent call last):\n  File x\nValueError: no\n"
    logging.getLogger("uvicorn.error").error(trace)

    assert "    | ValueError: no" in capsys.readouterr().err.splitlines()[-1]


def test_values_in_statements_are_not_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("DEBUG", "json")

    logging.getLogger("aiosqlite").debug("executing UPDATE ... ('SENTINEL',)")

    assert "SENTINEL" not in capsys.readouterr().err
