"""The report of a defect of forge."""

import os
import tempfile
import time
import traceback
from pathlib import Path


def traceback_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def saved(error: BaseException) -> Path:
    """Write the traceback to forge's state directory, else to a temporary file."""
    text = traceback_of(error)
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        state = Path(home, "forge")
        state.mkdir(parents=True, exist_ok=True)
        (state / name).write_text(text, "utf-8")
        return (state / name).absolute()
    except (OSError, RuntimeError):  # not writable; a user without a home
        with tempfile.NamedTemporaryFile(
            "w", prefix="forge-crash-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        return Path(file.name).absolute()
