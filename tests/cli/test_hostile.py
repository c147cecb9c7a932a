"""A project that a stranger prepared: looking at it, or changing it, runs and reaches nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.support.terminal import Forge, everything


def git(directory: Path, *arguments: str) -> None:
    somebody = ("-c", "user.name=somebody", "-c", "user.email=some@body")
    subprocess.run(["git", *somebody, *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def repository(project: Path) -> Path:
    """A project with a history."""
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "start")
    return project


@pytest.fixture
def trap(forge: Forge) -> Path:
    """A command for git to run, and `ran` beside it once it did."""
    path = forge.root / "trap"
    path.write_text(f"#!/bin/sh\ntouch {forge.root / 'ran'}\nexit 1\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("arguments", [("status",), ("add", "graphql"), ("update",)])
def test_what_the_repository_has_git_run_is_not_run(
    forge: Forge, repository: Path, trap: Path, arguments: tuple[str, ...]
) -> None:
    (repository / ".git" / "hooks" / "post-index-change").symlink_to(trap)
    git(repository, "config", "core.fsmonitor", str(trap))

    forge(*arguments, cwd=repository)

    assert not (trap.parent / "ran").exists()


OUTSIDE = {".gitignore": "mine\n", "lock": "mine", "txn/important": "mine", "last.json": "{}"}


@pytest.fixture
def outside(forge: Forge) -> Path:
    """A folder of the user's that is laid out as forge's own."""
    directory = forge.fresh("outside")
    for path, content in OUTSIDE.items():
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).write_text(content)
    return directory


@pytest.mark.parametrize("arguments", [("status",), ("add", "graphql"), ("undo",)])
@pytest.mark.parametrize(
    "path",
    [
        ".forge",
        ".forge/.gitignore",
        ".forge/lock",
        ".forge/last.json",
        ".forge/txn",
        ".forge/txn/journal.json",
    ],
)
def test_no_link_in_forges_own_folder_is_followed(
    forge: Forge, project: Path, outside: Path, path: str, arguments: tuple[str, ...]
) -> None:
    link = project / path
    if path == ".forge":
        link.rmdir()
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside / path.removeprefix(".forge").removeprefix("/"))
    theirs, yours = everything(outside), everything(project)

    result = forge(*arguments, cwd=project, code=2)

    assert result.err == (
        f"error: `{path}` is a symbolic link, where forge keeps what is its own\n"
        f"hint: remove it, then run again: rm {path}\n"
    )
    assert everything(outside) == theirs
    assert everything(project) == yours


def test_no_file_is_made_at_the_end_of_a_link(forge: Forge, project: Path, outside: Path) -> None:
    (project / ".forge" / "lock").symlink_to(outside / "created")
    forge("add", "graphql", cwd=project, code=2)
    assert not (outside / "created").exists()


def test_a_folder_in_the_place_of_forges_own_file_is_named(forge: Forge, project: Path) -> None:
    (project / ".forge" / "lock").mkdir()
    result = forge("add", "graphql", cwd=project, code=2)
    assert "`.forge/lock` is a folder" in result.err
    assert "rm -r .forge/lock" in result.err
