import json
import logging
import logging.config
import sys
import warnings

import pytest
import structlog
from httpx2 import AsyncClient

from app.kit.logging import configure_logging
from tests import ROOT


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in lines if line["logger"] != "httpx2"]


async def test_a_line_a_request(
    things: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", "json")

    await things.get("/things/1?token=SENTINEL", headers={"X-Request-ID": "r-1"})

    (line,) = logged(capsys)
    assert line["method"] == "GET"
    assert line["route"] == "/things/{number}"
    assert line["status"] == 200
    assert line["request_id"] == "r-1"
    assert isinstance(line["duration_ms"], float)
    assert "SENTINEL" not in str(line)


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
    logging.captureWarnings(False)
    configure_logging("INFO", "json")

    logging.getLogger("uvicorn.error").info("started", extra={"color_message": "x"})
    logging.getLogger("uvicorn.access").info("twice")
    structlog.get_logger("app").info("said", value=1)
    warnings.showwarning("careful", UserWarning, "module.py", 1)

    started, said, careful = logged(capsys)
    assert started["event"] == "started"
    assert "color_message" not in started
    assert said["value"] == 1
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


def test_console_lines_cannot_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console")

    try:
        raise ValueError("oh\nforged")
    except ValueError:
        log = structlog.get_logger("app")
        log.exception("bad\nforged \x1b[31m", value="\rforged")

    text = capsys.readouterr().err
    assert not [line for line in text.splitlines() if line.startswith("forged")]
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
