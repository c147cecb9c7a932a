"""A warm interpreter: imports the named modules once, then runs each suite in a fork of itself.

Run as a script with the modules' names as arguments. Each line of standard input is a request
`{"project", "arguments", "environment", "timeout"}`; the answer is one line of JSON
`{"exit_code", "output", "seconds", "reads"}`. POSIX only.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import Any


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """Run one suite in a child process of its own session and wait for it."""
    with tempfile.TemporaryDirectory(prefix="forge-suite-") as folder:
        output, reads = Path(folder, "output"), Path(folder, "reads")
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            run(request, output, reads)
        exit_code = wait(child, request["timeout"])
        return {
            "exit_code": exit_code,
            "output": output.read_text(errors="replace"),
            "seconds": time.monotonic() - started,
            "reads": json.loads(reads.read_text()) if reads.exists() else [],
        }


def wait(child: int, timeout: float) -> int:
    """The child's exit code; after `timeout` seconds it and its children are killed."""
    end = time.monotonic() + timeout
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(0.005)
    return os.waitstatus_to_exitcode(ended[1])


def run(request: dict[str, Any], output: Path, reads: Path) -> None:
    """Be the child: become the project's own pytest process and never return."""
    exit_code = 70
    try:
        os.setsid()
        sink = os.open(output, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        os.environ.clear()
        os.environ.update(request["environment"])
        tempfile.tempdir = None
        os.chdir(request["project"])
        seen = watch(Path.cwd())
        pytest = importlib.import_module("pytest")
        exit_code = int(pytest.main(request["arguments"]))
        reads.write_text(json.dumps(sorted(seen)))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)


def watch(project: Path) -> set[str]:
    """The files of the project that this process opens from now on, as a set that grows."""
    seen: set[str] = set()
    prefix = str(project) + os.sep

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            path = os.path.abspath(arguments[0])  # noqa: PTH100  (pathlib in an audit hook recurses)
            if path.startswith(prefix):
                seen.add(path.removeprefix(prefix).replace(os.sep, "/"))

    sys.addaudithook(note)
    return seen


def main(modules: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            try:
                importlib.import_module(name)
            except Exception as error:
                print(f"not warmed: {name}: {error}", file=sys.stderr)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        print(json.dumps(serve(json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
