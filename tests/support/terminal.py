"""forge as a user meets it: in this process, as a process of its own, or at a terminal."""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import jsonschema
import pexpect
import pyte

from fastapi_forge import signals
from fastapi_forge.cli import app as cli
from fastapi_forge.output.schema import schema
from tests.matrix.rooms import rooms_file

REPOSITORY = Path(__file__).resolve().parents[2]
TOY = Path(__file__).with_name("toy")
SNAPSHOTS = REPOSITORY / "tests" / "cli" / "snapshots"
VALIDATOR = jsonschema.Draft202012Validator(schema())
"""Of documents; it lets nothing through that the schema does not describe."""
MACROS = ("command.jinja", "migrations.jinja")

Arguments = Sequence[str]


def assemble_toy(target: Path) -> Path:
    """A small template with eight features, and the real one's macros."""
    shutil.copytree(TOY, target)
    for name in MACROS:
        shutil.copy(REPOSITORY / "templates" / name, target)
    (target / "rooms.jinja").write_text(rooms_file(target))
    return target


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of forge left on its streams."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self.out))

    @property
    def data(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.document["data"])

    @property
    def steps(self) -> list[str]:
        """The numbered next steps."""
        return re.findall(r"^  \d+\. (.+)$", self.err, re.MULTILINE)


class Forge:
    """Runs forge in a directory of its own, with a home and an environment of its own."""

    def __init__(self, root: Path, templates: Path) -> None:
        self.root, self.home, self.here = root, root / "home", root / "work"
        self.templates = templates
        self.results: list[Result] = []
        for directory in (self.home, self.here):
            directory.mkdir()

    def environment(self, env: Mapping[str, str | None] | None = None) -> dict[str, str]:
        own = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLUMNS": "80",
            "GIT_CONFIG_NOSYSTEM": "1",
            "FORGE_TEMPLATES": str(self.templates),
            "PYTHONPATH": str(REPOSITORY),
            **{f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in _XDG},
            **{f"GIT_{who}_{what}": "someone" for who in _WHO for what in ("NAME", "EMAIL")},
        }
        return {key: value for key, value in {**own, **(env or {})}.items() if value is not None}

    def __call__(
        self,
        *arguments: str,
        code: int | None = 0,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        stdin: str = "",
    ) -> Result:
        """Run in this process; a wrong exit code is a failure (None: any)."""
        out, err = _Stream(), _Stream()
        with (
            _surroundings(self.environment(env), cwd or self.here),
            _streams(out, err, stdin),
        ):
            got = cli.run(arguments)
        return self._kept(Result(arguments, got, out.text, err.text), code)

    def process(
        self,
        *arguments: str,
        code: int | None = 0,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        timeout: float = 60,
        **options: Any,
    ) -> Result:
        """Run as a process, its standard input closed unless said otherwise."""
        options.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run(
            self.command(*arguments),
            cwd=cwd or self.here,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            **options,
        )
        return self._kept(Result(arguments, done.returncode, done.stdout, done.stderr), code)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "fastapi_forge", *arguments]

    def _kept(self, result: Result, code: int | None) -> Result:
        self.results.append(result)
        assert code is None or result.code == code, result
        assert "Traceback" not in result.err
        if "--json" in result.arguments and result.out:
            VALIDATOR.validate(result.document)
        return result

    def terminal(
        self,
        *arguments: str,
        columns: int = 80,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
    ) -> "Terminal":
        """Start forge at a terminal."""
        changed = {"COLUMNS": None, **(env or {})}
        return Terminal(
            self.command(*arguments), cwd or self.here, self.environment(changed), columns
        )

    def new(self, *flags: str, name: str = "myapi", where: Path | None = None) -> Path:
        """A fresh project, without git."""
        where = where or self.here
        self("new", name, "-y", "--no-git", *flags, cwd=where)
        return where / name

    def fresh(self, name: str) -> Path:
        """Another directory to work in."""
        directory = self.root / name
        directory.mkdir()
        return directory


_XDG = ("CONFIG", "CACHE", "DATA", "STATE")
_WHO = ("AUTHOR", "COMMITTER")


class _Stream(io.TextIOWrapper):
    """A stream that keeps what is written."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)

    @property
    def text(self) -> str:
        return cast(io.BytesIO, self.buffer).getvalue().decode(self.encoding)


@contextlib.contextmanager
def _surroundings(environment: Mapping[str, str], cwd: Path) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    signals.release()
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
        signals.release()


@contextlib.contextmanager
def _streams(out: _Stream, err: _Stream, stdin: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.StringIO(stdin)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield
    finally:
        sys.stdin = before


UP, DOWN, SPACE, ENTER, ESCAPE = "\x1b[A", "\x1b[B", " ", "\r", "\x1b"
CTRL_C, CTRL_D = "\x03", "\x04"
_ESCAPES = re.compile(r"\x1b\][^\x07]*\x07|\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b[ -/]*[0-~]")


class Terminal:
    """forge at a pseudo-terminal that answers as a real one does."""

    def __init__(
        self, command: list[str], cwd: Path, environment: dict[str, str], columns: int
    ) -> None:
        self.raw = b""
        self.child = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(cwd),
            env=environment,
            dimensions=(40, columns),
            preexec_fn=_usual_signals,
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(columns, 40)
        self.screen.write_process_input = self._answer
        self._stream = pyte.ByteStream(self.screen)

    def _answer(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self.child.send(text)

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def wait_for(self, words: str, seconds: float = 30) -> str:
        """Read until the screen shows the words; the screen."""
        end = time.monotonic() + seconds
        while words not in self.shown:
            assert self._read() or words in self.shown, f"ended without {words!r}: {self.text}"
            assert time.monotonic() < end, f"no {words!r}: {self.shown}"
        return self.shown

    def _read(self) -> bool:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except (pexpect.EOF, OSError):
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    @property
    def shown(self) -> str:
        """The screen, without empty lines."""
        return "\n".join(line.rstrip() for line in self.screen.display if line.strip())

    @property
    def text(self) -> str:
        """All that was written, without escape sequences."""
        return _ESCAPES.sub("", self.raw.decode(errors="replace")).replace("\r\n", "\n")

    def end(self, seconds: float = 30) -> int:
        """Read to the end; the exit code."""
        end = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < end, f"still waiting: {self.shown}"
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)

    def close(self) -> None:
        self.child.close(force=True)


def _usual_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


_MASKS = (
    (re.compile(r"in \d+\.\d s\b"), "in [TIME]"),
    (re.compile(r": \d+\.\d\d s\b"), ": [TIME]"),
)


def assert_snapshot(name: str, result: Result, masks: Mapping[str, str]) -> None:
    """Compare a whole run with the file `name`; `FORGE_UPDATE_SNAPSHOTS=1` writes it anew."""
    shown = f"$ forge {' '.join(result.arguments)}\n{result.out}"
    shown += f"--- stderr\n{result.err}--- exit {result.code}\n"
    for real, mask in masks.items():
        shown = shown.replace(real, mask)
    for pattern, mask in _MASKS:
        shown = pattern.sub(mask, shown)
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("FORGE_UPDATE_SNAPSHOTS") == "1":
        file.write_text(shown, "utf-8")
    assert shown == file.read_text("utf-8")


def everything(directory: Path) -> dict[str, bytes | None]:
    """Every path below a directory with its bytes, git's own files aside."""
    return {
        str(path.relative_to(directory)): path.read_bytes() if path.is_file() else None
        for path in sorted(directory.rglob("*"))
        if ".git" not in path.relative_to(directory).parts
    }
