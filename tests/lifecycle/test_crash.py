"""A run that fails or dies at any moment leaves the project as it was, or as it was to be."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from fastapi_forge.errors import ForgeError
from fastapi_forge.project import transaction
from fastapi_forge.project.holding import Busy, exclusive
from fastapi_forge.project.rollback import RollbackPending
from fastapi_forge.project.transaction import Write, WriteFailed
from fastapi_forge.project.workspace import Workspace
from tests.support.builders import read_tree, write_tree
from tests.support.runs import AFTER, BEFORE, changes

KILLS = int(os.environ.get("FORGE_TEST_KILLS", "40"))


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    write_tree(tmp_path, BEFORE)
    return Workspace(tmp_path)


class Fault:
    """Lets the calls to the file system through until one, which fails; later ones work again."""

    def __init__(self, at: int, error: BaseException, *, for_ever: bool = False) -> None:
        self.left, self.error, self.for_ever = at, error, for_ever
        self.hit = False

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0 or (self.for_ever and self.left < 0):
                self.hit = True
                raise self.error
            return call(*args, **options)

        return checked


WRITING = [
    (Path, "mkdir"),
    (Path, "open"),
    (Path, "write_bytes"),
    (Path, "unlink"),
    (Path, "rmdir"),
    (Path, "replace"),
    (Path, "chmod"),
    (transaction.os, "open"),
    (transaction.os, "fdopen"),
    (transaction.os, "fsync"),
]


@pytest.fixture
def inject(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Fault], None]]:
    def install(fault: Fault) -> None:
        for owner, name in WRITING:
            monkeypatch.setattr(owner, name, fault.wrap(getattr(owner, name)))

    yield install
    monkeypatch.undo()


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("error", [full(), KeyboardInterrupt()], ids=["disk full", "Ctrl-C"])
@pytest.mark.parametrize("at", range(1, 50))
def test_a_failure_at_any_step_changes_nothing(
    space: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    inject: Callable[[Fault], None],
    at: int,
    error: BaseException,
) -> None:
    fault = Fault(at, error)
    inject(fault)
    expected = WriteFailed if isinstance(error, OSError) else KeyboardInterrupt
    try:
        space.apply(changes(BEFORE, AFTER))
    except expected:
        assert fault.hit
        monkeypatch.undo()
        assert read_tree(space.root) == BEFORE
        assert not (space.root / ".forge").exists()
        assert not (space.root / "app/new").exists()
    else:
        monkeypatch.undo()
        assert read_tree(space.root) == AFTER
        space.undo()
        assert read_tree(space.root) == BEFORE


def test_the_steps_above_are_all_there_are(
    space: Workspace, inject: Callable[[Fault], None]
) -> None:
    fault = Fault(50, full())
    inject(fault)
    space.apply(changes(BEFORE, AFTER))
    assert not fault.hit
    assert fault.left > 15


@pytest.mark.parametrize("at", range(1, 40))
def test_a_disk_that_stays_broken_is_put_back_by_the_next_command(
    space: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    inject: Callable[[Fault], None],
    at: int,
) -> None:
    inject(Fault(at, full(), for_ever=True))
    try:
        space.apply(changes(BEFORE, AFTER))
    except (WriteFailed, RollbackPending):
        monkeypatch.undo()
        space.recover()
        assert read_tree(space.root) == BEFORE
    else:
        monkeypatch.undo()
        assert read_tree(space.root) == AFTER


def test_what_was_edited_after_a_crash_is_left_alone(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, inject: Callable[[Fault], None]
) -> None:
    _die_after_applying(space, monkeypatch)
    (space.root / "app/main.py").write_text("x = 'mine'\n")
    notice = space.recover()
    assert notice is not None
    assert "app/main.py" in notice
    assert (space.root / "app/main.py").read_text() == "x = 'mine'\n"
    assert not (space.root / "app/new").exists()


def test_recovery_writes_through_no_link_that_leaves_the_project(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _die_after_applying(space, monkeypatch)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.rmtree(space.root / "app")
    (space.root / "app").symlink_to(elsewhere)
    assert "app/main.py" in (space.recover() or "")
    assert not list(elsewhere.iterdir())


def test_recovery_says_so_once(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    _die_after_applying(space, monkeypatch)
    assert "interrupted" in (space.recover() or "")
    assert read_tree(space.root) == BEFORE
    assert space.recover() is None


def test_recovery_waits_for_a_run_that_is_alive(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _die_after_applying(space, monkeypatch)
    with exclusive(space.root), pytest.raises(Busy):
        space.recover()


def _die_after_applying(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """As kill -9 just before the commit: no handler runs."""
    apply = transaction._apply

    def apply_and_die(root: Path, writes: Sequence[Write]) -> None:
        apply(root, writes)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_apply", apply_and_die)
        patch.setattr(transaction, "_give_up", lambda _: None)
        with pytest.raises(SystemExit):
            space.apply(changes(BEFORE, AFTER))


def test_kill_9_at_random_moments(space: Workspace) -> None:
    moment = random.Random(9)
    for _ in range(KILLS):
        process = _start(space)
        time.sleep(moment.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
        space.recover()
        assert read_tree(space.root) in (BEFORE, AFTER)
        if read_tree(space.root) == AFTER:
            space.undo()


def _start(space: Workspace) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.runs", str(space.root)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_two_runs_at_once_do_not_mix(space: Workspace) -> None:
    """Each does its whole work, or is refused because of the other and does nothing."""
    process = _start(space)
    refused = set()
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        try:
            space.apply(changes(BEFORE, AFTER))
        except ForgeError as error:
            refused.add(error.code)
    process.send_signal(signal.SIGKILL)
    process.wait()
    space.recover()
    assert refused
    assert refused <= {"busy", "changed-meanwhile"}
    assert read_tree(space.root) in (BEFORE, AFTER)
