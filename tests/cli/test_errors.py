"""Line 4 of the contract: each class of error is raised, in two lines and with its code."""

import errno
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fastapi_forge import errors
from fastapi_forge.cli import app as cli
from fastapi_forge.cli import installing, parser, said, steps
from fastapi_forge.errors import ForgeError
from fastapi_forge.output import outcomes, report
from fastapi_forge.project import (
    holding,
    lock,
    meeting,
    revisions,
    rollback,
    transaction,
    workspace,
)
from fastapi_forge.template import names, presets, questionnaire, source, wishes
from fastapi_forge.verbs import creation, history, inspection, lifecycle, marks, recorded
from tests.support.terminal import Forge

Provoke = Callable[[Forge, Path, pytest.MonkeyPatch], tuple[str, ...]]
"""Prepares the project, and gives the command line that fails in it."""


def said_as(*arguments: str) -> Provoke:
    return lambda _forge, _project, _patch: arguments


def written(path: str, content: bytes, *arguments: str) -> Provoke:
    def provoke(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(content)
        return arguments

    return provoke


def raising(error: Exception, owner: object, name: str, *arguments: str) -> Provoke:
    """The call of a function that fails as the system makes it fail."""

    def provoke(_forge: Forge, _project: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        def fail(*_: object, **__: object) -> None:
            raise error

        patch.setattr(owner, name, fail)
        return arguments

    return provoke


def template(change: Callable[[Path], None], *arguments: str) -> Provoke:
    """A template of its own, changed."""

    def provoke(forge: Forge, _project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
        own = forge.root / "own"
        subprocess.run(["cp", "-r", str(forge.templates), str(own)], check=True)
        change(own)
        forge.templates = own
        return arguments

    return provoke


def with_validator(root: Path) -> None:
    path = root / "copier.yml"
    text = path.read_text()
    path.write_text(text.replace("help: Author", "help: Author\n  validator: no name is good"))


def with_broken_file(root: Path) -> None:
    (root / "project" / "broken.txt.jinja").write_text("{{ 1 / 0 }}{% endif %}")


def with_moved_rows(root: Path) -> None:
    room = root / "project" / "{{auth}}"
    path = room / "feature.yml"
    kinds = 'auth_kind: {type: str, default: a, choices: [a, b], when: "{{ with_auth }}"}\n'
    path.write_text(path.read_text() + kinds)


def with_altered_tables(root: Path) -> None:
    path = root / "project" / "{{example}}" / "feature.yml"
    words = "_example:\n  alters_tables: {any: {reason: each row gets a column}}\n"
    path.write_text(path.read_text().replace("_example:\n", words))


def without_copier_yml(root: Path) -> None:
    (root / "copier.yml").unlink()


def clashing(forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    path = project / "forge.lock"
    header, rest = path.read_text().split("\n", 1)
    one, other = (header.replace('"MIT"', f'"{name}"') for name in ("Proprietary", "GPL"))
    marks = ("<<<<<<< a", one, "||||||| b", header, "=======", other, ">>>>>>> c", rest)
    path.write_text("\n".join(marks))
    return ("status",)


def edited_since(forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    forge("add", "graphql", cwd=project)
    (project / "app" / "graphql" / "router.py").write_text("MINE = 1\n")
    return ("undo",)


def tracked(forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    forge("add", "graphql", cwd=project)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "add", "-f", ".forge"], cwd=project, check=True)
    return ("undo",)


def never_run(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    (project / ".forge").rmdir()
    return ("undo",)


def outside(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    return ("-C", str(project.parent), "status")


def without_lock(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    (project / "forge.lock").unlink()
    return ("status",)


def newer(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    path = project / "forge.lock"
    path.write_text(path.read_text().replace('"forge_lock": 2', '"forge_lock": 99', 1))
    return ("status",)


def mixed(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    path = project / "forge.lock"
    lines = path.read_text().splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith('["app/main.py"'))
    lines.insert(at, lines[at].replace("app/main.py", "app/graphql/router.py"))
    path.write_text("".join(lines))
    return ("status",)


def needed(forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    forge("add", "redis", cwd=project)
    return ("remove", "auth")


def unreadable(_forge: Forge, project: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    patch.setattr(workspace, "snapshot", refuse)
    return ("status",)


def two_heads(_forge: Forge, project: Path, _patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    for name in ("one", "two"):
        path = project / "migrations" / "versions" / f"{name}.py"
        path.write_text(f'revision = "{name}"\ndown_revision = "items"\n')
    return ("add", "auth")


def without_uv(forge: Forge, _project: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    patch.setattr(steps, "_has_uv", lambda: False)
    return ("add", "ci", "--install")


def in_every_table(forge: Forge, project: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    template(with_altered_tables)(forge, project, patch)
    return ("remove", "example", "--keep-data")


def moved_rows(forge: Forge, project: Path, patch: pytest.MonkeyPatch) -> tuple[str, ...]:
    template(with_moved_rows)(forge, project, patch)
    forge("add", "auth", cwd=project)
    return ("add", "auth=b")


FULL = OSError(errno.ENOSPC, "No space left on device", "app/main.py")

PROVOKED: dict[type[ForgeError], Provoke] = {
    presets.AnswersFileError: said_as("new", "x1", "--answers", "nope.yml"),
    wishes.BadAnswerError: said_as("new", "x1", "--license", "GPL"),
    wishes.ContradictionError: said_as("new", "x1", "--with-redis", "--without-auth"),
    wishes.UnknownNameError: said_as("add", "grapql"),
    source.BrokenTemplateError: template(without_copier_yml, "features"),
    cli.BadDirectoryError: said_as("-C", "nowhere", "status"),
    parser.CommandLineError: said_as("nonsense"),
    installing.UnknownShellError: said_as("--show-completion", "tcsh"),
    cli.SystemRefusedError: raising(FULL, creation, "_write", "new", "x1"),
    creation.TargetInTheWayError: written("afile", b"x", "new", "afile"),
    creation.TargetNotEmptyError: written("full/mine", b"x", "new", "full"),
    history.CannotKeepError: in_every_table,
    history.MovesDataError: moved_rows,
    inspection.CheckFailedError: written("app/main.py", b"<<<<<<< x\n>>>>>>> y\n", "check"),
    lifecycle.LockMissingError: without_lock,
    lifecycle.NeededError: needed,
    lifecycle.NoProjectError: outside,
    lifecycle.UndoOfNewError: said_as("undo"),
    lock.CorruptLock: written("forge.lock", b"\x00\xff", "status"),
    lock.NewerLock: newer,
    recorded.MixedLock: mixed,
    marks.UnsettledError: written("app/main.py", b"<<<<<<< a\n=======\n>>>>>>> b\n", "add", "ci"),
    meeting.ClashingAnswers: clashing,
    revisions.SeveralHeadsError: two_heads,
    names.BadNameError: said_as("new", "x y"),
    outcomes.ConflictsError: written("app/graphql/router.py", b"MINE = 1\n", "add", "graphql"),
    questionnaire.RefusedAnswerError: template(with_validator, "add", "ci"),
    questionnaire.RenderError: template(with_broken_file, "add", "ci"),
    said.MissingAnswerError: said_as("add"),
    steps.InstallError: without_uv,
    holding.ForeignHome: written(".forge/txn", b"", "status"),
    holding.Busy: raising(holding.Busy(), holding, "_take", "add", "ci"),
    transaction.ChangedMeanwhile: raising(
        transaction.ChangedMeanwhile(["app/main.py"]), transaction, "_stage", "add", "ci"
    ),
    transaction.WriteFailed: raising(FULL, transaction, "_stage", "add", "ci"),
    workspace.JournalDamaged: written(".forge/txn/journal.json", b"{", "status"),
    workspace.ReadFailed: unreadable,
    workspace.TrackedJournal: tracked,
    workspace.UndoBlocked: edited_since,
    workspace.UndoUnavailable: never_run,
}

ELSEWHERE: dict[type[ForgeError], str] = {
    errors.DefectError: "the base of those of forge itself",
    errors.UsageError: "the base of those of wrong use",
    lock.ConflictedLock: "what `loads` says of marks; verbs settle them: tests/unit/test_lock.py",
    report.OutputFailed: "no document can be written: tests/cli/test_streams_and_documents.py",
    steps.InstallInterruptedError: "needs Ctrl-C while uv runs: tests/cli/test_plans.py",
    rollback.RollbackPending: "needs a disk that fails twice: tests/unit/test_workspace.py",
}


def classes(base: type[ForgeError] = ForgeError) -> Iterator[type[ForgeError]]:
    for one in base.__subclasses__():
        if one.__module__.startswith("fastapi_forge"):
            yield one
        yield from classes(one)


def test_04_no_class_of_error_is_without_a_test() -> None:
    assert set(classes()) == {*PROVOKED, *ELSEWHERE}


@pytest.mark.parametrize("error", PROVOKED, ids=lambda error: error.code)
def test_04_each_class_is_raised_in_two_lines(
    forge: Forge, project: Path, monkeypatch: pytest.MonkeyPatch, error: type[ForgeError]
) -> None:
    arguments = PROVOKED[error](forge, project, monkeypatch)
    result = forge(*arguments, cwd=project, code=error.exit_code)
    assert re.search(r"^error: .{10,}\nhint: .{4,}\n\Z", result.err, re.MULTILINE), result.err


@pytest.mark.parametrize("error", PROVOKED, ids=lambda error: error.code)
def test_04_each_class_has_its_code_in_the_document(
    forge: Forge, project: Path, monkeypatch: pytest.MonkeyPatch, error: type[ForgeError]
) -> None:
    arguments = PROVOKED[error](forge, project, monkeypatch)
    document = forge(*arguments, "--json", cwd=project, code=error.exit_code).document
    assert [problem["code"] for problem in document["errors"]] == [error.code]
    assert document["errors"][0]["hint"]
    assert document["status"] == ("conflicts" if error.exit_code == 3 else "error")


def test_04_codes_are_plain_words_and_exit_codes_those_of_the_contract() -> None:
    for one in classes():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.code)
        assert one.exit_code in (1, 2, 3, 130)
        assert one.__doc__


def test_04_a_defect_of_the_template_leaves_a_report(
    forge: Forge, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = template(with_broken_file, "add", "ci")(forge, project, monkeypatch)
    result = forge(*arguments, cwd=project, code=1)
    path = Path(result.err.split()[-1])
    assert path.is_relative_to(forge.home / "state" / "forge")
    assert "Traceback" in path.read_text()
    assert "TemplateSyntaxError" in path.read_text()
