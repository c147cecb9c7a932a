"""Structured logs: one line an event, as JSON or for the eye."""

import logging
import logging.config
import re
import sys
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SILENT = ("uvicorn.access", "gunicorn.access")
WEB_SOCKET = re.compile(r'("WebSocket [^?]*)\?.*"')
TAKEN_OVER = ("uvicorn", "uvicorn.error", "gunicorn.error", "asyncio", "py.warnings")


def make_safe(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Escape what could drive a terminal or forge a line; set tracebacks off."""
    trace = event.pop("exception", "").splitlines()
    safe = {name: escaped(value) for name, value in event.items()}
    safe["event"] += "".join(f"\n    | {escaped(line)}" for line in trace)
    return safe


def escaped(value: Any) -> Any:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in value
    )


def tidy_uvicorn(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop what uvicorn adds: a coloured copy, and the query string of a WebSocket."""
    event.pop("color_message", None)
    if event.get("logger") == "uvicorn.error":
        event["event"] = WEB_SOCKET.sub(r'\1"', event["event"])
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    tidy_uvicorn,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter(*last: Processor) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *last,
        ],
    )


def json_formatter() -> structlog.stdlib.ProcessorFormatter:
    """Format records as one JSON object a line; `deploy/log_config.json` names it."""
    return formatter(structlog.processors.JSONRenderer(default=str))


def console_formatter() -> structlog.stdlib.ProcessorFormatter:
    """Format records for the eye."""
    colors = sys.stderr.isatty()
    return formatter(make_safe, structlog.dev.ConsoleRenderer(colors=colors))


def log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what ends the process; an interruption ends it quietly."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("app").critical("uncaught", exc_info=(kind, error, trace))


def configure_logging(level: str, kind: str) -> None:
    """Send every line of the process, libraries' and warnings too, through one format.

    `kind` is `json` or `console`.
    """
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {"()": json_formatter},
                "console": {"()": console_formatter},
            },
            "handlers": {
                "default": {"class": "logging.StreamHandler", "formatter": kind}
            },
            "root": {"handlers": ["default"], "level": level},
            "loggers": {
                name: {"handlers": [], "propagate": name not in SILENT}
                for name in (*TAKEN_OVER, *SILENT)
            },
        }
    )
    logging.captureWarnings(True)
    sys.excepthook = log_uncaught
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
