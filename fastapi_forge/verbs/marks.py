"""Conflict marks that wait to be settled: those that forge wrote, and those that git left."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi_forge import git
from fastapi_forge.errors import ForgeError
from fastapi_forge.project.lock import LOCK_NAME
from fastapi_forge.project.rollback import last_run
from fastapi_forge.project.workspace import ReadFailed
from fastapi_forge.verbs.lifecycle import Project

_OPENING = b"<<<<<<< "
_CLOSING = b">>>>>>> "


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a conflict begins in a file; lines count from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class UnsettledError(ForgeError):
    """Conflicts of an earlier run, or of git, are still marked in files."""

    code = "unsettled"
    exit_code = 3

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        places = ", ".join(f"`{mark}`" for mark in marks)
        super().__init__(
            f"conflicts are still to be settled in {places}; nothing was written",
            "settle each between the marks <<<<<<< and >>>>>>>, then run again",
        )
        self.marks = marks


def unsettled(project: Project) -> tuple[Mark, ...]:
    """The marks in generated files, in those of the last run, and in what git has unmerged.

    The marks that git leaves in `forge.lock` are none: forge settles them itself.
    """
    base = project.lock.tree
    return tuple(
        mark
        for path in sorted(_suspects(project))
        for mark in _marks_in(project, path)
        if path not in base or _OPENING not in base[path].content
    )


def refuse_unsettled(project: Project) -> None:
    """Raises UnsettledError."""
    if marks := unsettled(project):
        raise UnsettledError(marks)


def _suspects(project: Project) -> set[str]:
    journal = last_run(project.root)
    written = {entry.path for entry in journal.entries} if journal else set()
    return {*project.lock.tree, *written, *git.unmerged(project.root)} - {LOCK_NAME}


def _marks_in(project: Project, path: str) -> Iterator[Mark]:
    try:
        file = project.workspace.read_file(path)
    except ReadFailed:
        return
    if file is None or _OPENING not in file.content or _CLOSING not in file.content:
        return
    for number, line in enumerate(file.content.splitlines(), 1):
        if line.startswith(_OPENING):
            yield Mark(path, number)
