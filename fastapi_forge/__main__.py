"""The console script: signal handlers first; Ctrl-C while modules load shows no traceback."""

import os
import sys

from fastapi_forge import signals

INTERRUPTED = 130


def main() -> None:
    """Run forge with the process's arguments, and exit."""
    signals.install()
    try:
        code = _answer(sys.argv[1:])
    except BrokenPipeError:
        code = 1
    except KeyboardInterrupt:
        sys.stderr.write(f"{signals.ABORTED}\n")
        code = INTERRUPTED
    _leave(code)


def _answer(arguments: list[str]) -> int:
    from fastapi_forge.cli import shells  # noqa: PLC0415

    if shells.instruction() is not None:
        from fastapi_forge.cli import completion  # noqa: PLC0415

        return completion.answer()
    from fastapi_forge.cli.app import run  # noqa: PLC0415

    return run(arguments)


def _leave(code: int) -> None:
    """Exit; a reader that is gone (`forge features | head -1`) is no defect."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stderr.write(f"error: the output can't be written: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or 1
    signals.finish()
    if code == INTERRUPTED:
        # Where the interruption passed through `eval`, Python would end by SIGINT instead.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
