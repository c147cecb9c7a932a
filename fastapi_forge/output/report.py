"""The only module that writes to stdout and stderr: text for people, one document for programs."""

import json
import os
import shlex
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from fastapi_forge.errors import DefectError, ForgeError
from fastapi_forge.output.look import Look, is_terminal, look_of
from fastapi_forge.output.outcome import RESULT_VERSION, Outcome, Status

_CONFLICTS = 3
_PATIENCE = 0.5  # seconds in which nothing is shown


class OutputFailed(ForgeError):
    """The result can't be written where it was to go; what the command did stays done."""

    code = "output"

    def __init__(self, problem: OSError, outcome: Outcome) -> None:
        reason = (problem.strerror or str(problem)).lower()
        message, hint = f"the output can't be written: {reason}", "send the output elsewhere"
        if outcome.data.get("written"):
            project = outcome.data.get("project")
            status = f"forge -C {shlex.quote(project)} status" if project else "forge status"
            message += f"; what was asked for is done: {outcome.lines[-1]}"
            hint += f"; see what was done: {status}"
        else:
            hint += ", then run again"
        super().__init__(message, hint)


@dataclass(slots=True)
class Report:
    """Where a run speaks. `command` names it in the document."""

    command: str = ""
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    _notices: list[str] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        """Whether only the result, or nothing at all, is to be seen."""
        return self.as_json or self.quiet

    @property
    def look(self) -> Look:
        """How results look."""
        return look_of(sys.stdout)

    def note(self, text: str) -> None:
        """Say something besides the result, at once."""
        self._notices.append(text)
        if not self.is_silent:
            _say(text)

    def finish(self, outcome: Outcome) -> int:
        """Show what a command came to; its exit code."""
        try:
            self._show(outcome)
        except BrokenPipeError:
            raise
        except OSError as problem:
            _silence(sys.stdout)
            failure = OutputFailed(problem, outcome)
            self._refusal(failure)
            return outcome.exit_code or failure.exit_code
        return outcome.exit_code

    def _show(self, outcome: Outcome) -> None:
        if self.as_json:
            errors = [_as_data(outcome.problem)] if outcome.problem else []
            data = dict(outcome.data)
            data["notices"] = [*self._notices, *data.get("notices", ())]
            self._document(outcome.status, outcome.exit_code, data, errors)
            return
        silent = self.quiet and outcome.exit_code == 0 and not outcome.bare
        if not silent:
            self._text(outcome)

    def _text(self, outcome: Outcome) -> None:
        """The notes stand right before the closing line, said even where nobody reads the rest."""
        if self.verbose:
            _say(*outcome.detail)
        try:
            _write(sys.stdout, *outcome.lines[:-1])
        finally:
            if not self.quiet:
                _say(*outcome.notes)
        _write(sys.stdout, *outcome.lines[-1:])
        if outcome.problem:
            self._refusal(outcome.problem)
        if outcome.steps and not self.quiet:
            numbered = (f"  {n}. {step}" for n, step in enumerate(outcome.steps, 1))
            is_written = outcome.data.get("written", True)
            when = "Next steps:" if is_written else "Next steps, once it is written:"
            _say("", when, *numbered)

    def fail(self, error: ForgeError) -> int:
        """Say what went wrong and what to do about it; the exit code."""
        if isinstance(error, DefectError):
            error.hint += f"; the full report is in {_saved(error)}"
        status = Status.CONFLICTS if error.exit_code == _CONFLICTS else Status.ERROR
        if not self._has_documented(status, error.exit_code, _as_data(error)):
            if usage := getattr(error, "usage", ""):
                _say(f"usage: {usage}")
            self._refusal(error)
        return error.exit_code

    def _refusal(self, error: ForgeError) -> None:
        look = look_of(sys.stderr)
        _say(f"{look.style('error:', 'red')} {_one_line(error.message)}")
        if error.hint:
            _say(f"{look.style('hint:', 'cyan')} {_one_line(error.hint)}")

    def aborted(self, words: str) -> int:
        """An interruption; nothing was changed."""
        problem = {"code": "interrupted", "message": words.rstrip("."), "hint": ""}
        if not self._has_documented(Status.ERROR, 130, problem):
            _say(words)
        return 130

    def crash(self, error: BaseException) -> int:
        """A defect of forge: one line, and the whole report in a file."""
        path = _saved(error)
        what = _one_line(f"{type(error).__name__}: {error}")
        message = f"unexpected {what}; the full report is in {path}"
        problem = {"code": "unexpected", "message": message, "hint": ""}
        if not self._has_documented(Status.ERROR, 1, problem):
            _say(f"{look_of(sys.stderr).style('error:', 'red')} {message}")
        return 1

    def _has_documented(self, status: Status, exit_code: int, problem: dict[str, str]) -> bool:
        """Whether a problem is said in a document; else it is to be said in words."""
        if not self.as_json:
            return False
        try:
            self._document(status, exit_code, {"notices": self._notices}, [problem])
        except BrokenPipeError:
            raise
        except OSError:
            _silence(sys.stdout)
            return False
        return True

    def _document(
        self, status: Status, exit_code: int, data: Mapping[str, Any], errors: list[dict[str, str]]
    ) -> None:
        document = {
            "forge_result_version": RESULT_VERSION,
            "command": self.command,
            "status": status.value,
            "exit_code": exit_code,
            "data": data,
            "errors": errors,
        }
        _write(sys.stdout, json.dumps(document, indent=2))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """A step of the work: timed with `--verbose`, with a spinner when it takes long."""
        began = time.perf_counter()
        with self._spinner(name):
            yield
        if self.verbose and not self.as_json:
            _say(f"{name}: {time.perf_counter() - began:.2f} s")

    @contextmanager
    def _spinner(self, words: str) -> Iterator[None]:
        silent = self.as_json or self.quiet or os.environ.get("TERM") == "dumb"
        if silent or not is_terminal(sys.stderr):
            yield
            return
        shown: list[Any] = []

        def show() -> None:
            from rich.console import Console  # noqa: PLC0415

            status = Console(stderr=True).status(words, spinner="line")
            shown.append(status)
            status.start()

        timer = threading.Timer(_PATIENCE, show)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            for status in shown:
                status.stop()


def _as_data(error: ForgeError) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "hint": error.hint}


def _saved(error: BaseException) -> Path:
    """The file with a defect's traceback, which is shown too where somebody debugs."""
    from fastapi_forge.output import crash  # noqa: PLC0415

    if os.environ.get("FORGE_DEBUG") == "1":
        _say(*crash.traceback_of(error).splitlines())
    return crash.saved(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _write(stream: Any, *lines: str) -> None:
    if stream is None:
        return
    encoding = stream.encoding or "ascii"
    for line in lines:
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


def _say(*lines: str) -> None:
    """Write to stderr. What can't be said there stops nothing."""
    try:
        _write(sys.stderr, *lines)
    except BrokenPipeError:
        raise
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Send what a stream still holds, and all that comes, nowhere: Python writes it at the end."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
