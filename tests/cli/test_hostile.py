"""A project that a stranger prepared: looking at it, or changing it, runs and reaches nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.support.terminal import Forge


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
