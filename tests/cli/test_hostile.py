"""A project that a stranger prepared: looking at it, or changing it, runs and reaches nothing."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from fastapi_forge.project import packing
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


@pytest.mark.parametrize("name", ["evil", "e=vil", "e.vil"])
@pytest.mark.parametrize("arguments", [("status",), ("add", "graphql"), ("update",)])
def test_filters_of_the_repository_are_not_run(
    forge: Forge, repository: Path, trap: Path, arguments: tuple[str, ...], name: str
) -> None:
    for setting in ("clean", "smudge", "process"):
        git(repository, "config", f"filter.{name}.{setting}", str(trap))
    git(repository, "config", f"filter.{name}.required", "true")
    attributes = repository / ".git" / "info" / "attributes"
    attributes.write_text(f"*.py filter={name}\n")
    (repository / "app" / "main.py").touch()

    forge(*arguments, cwd=repository)

    assert not (trap.parent / "ran").exists()


@pytest.mark.parametrize("arguments", [("status",), ("add", "graphql"), ("update",)])
def test_filters_of_a_submodule_are_not_run(
    forge: Forge, repository: Path, trap: Path, arguments: tuple[str, ...]
) -> None:
    inner = repository / "sub"
    inner.mkdir()
    (inner / "file").write_text("x")
    git(inner, "init", "--quiet")
    git(inner, "add", "--all")
    git(inner, "commit", "--quiet", "--message", "start")
    git(repository, "add", "sub")
    git(inner, "config", "filter.evil.clean", str(trap))
    (inner / ".git" / "info" / "attributes").write_text("* filter=evil\n")
    (inner / "file").write_text("y")

    forge(*arguments, cwd=repository)

    assert not (trap.parent / "ran").exists()


@pytest.mark.parametrize("arguments", [("status",), ("add", "graphql"), ("update",)])
def test_what_the_repository_lacks_is_not_fetched(
    forge: Forge, repository: Path, trap: Path, arguments: tuple[str, ...]
) -> None:
    named = ["git", "rev-parse", "HEAD^{tree}"]
    tree = subprocess.run(named, cwd=repository, check=True, capture_output=True, text=True).stdout
    git(repository, "config", "core.repositoryFormatVersion", "1")
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "remote.origin.url", str(repository))
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "remote.origin.uploadpack", str(trap))
    (repository / ".git" / "objects" / tree[:2] / tree[2:].strip()).unlink()

    forge(*arguments, cwd=repository)

    assert not (trap.parent / "ran").exists()


def left_by_a_run(forge: Forge, project: Path, *, killed: bool) -> None:
    """Have forge change a project, and leave what it keeps of that run."""
    forge("add", "graphql", cwd=project)
    if killed:
        (project / ".forge" / "txn").mkdir()
        (project / ".forge" / "last.json").rename(project / ".forge" / "txn" / "journal.json")


@pytest.mark.parametrize(
    ("killed", "arguments"), [(True, ("status",)), (True, ("add", "ci")), (False, ("undo",))]
)
def test_a_run_that_came_by_git_is_not_taken_back(
    forge: Forge, repository: Path, killed: bool, arguments: tuple[str, ...]
) -> None:
    left_by_a_run(forge, repository, killed=killed)
    git(repository, "add", "--all")
    git(repository, "add", "--force", ".forge")
    before = everything(repository)

    result = forge(*arguments, cwd=repository, code=1)

    assert "git rm" in result.err
    assert everything(repository) == before


def test_a_run_that_came_as_a_submodule_is_not_taken_back(forge: Forge, repository: Path) -> None:
    left_by_a_run(forge, repository, killed=True)
    home = repository / ".forge"
    git(home, "init", "--quiet")
    git(home, "add", "--force", "txn")
    git(home, "commit", "--quiet", "--message", "start")
    git(repository, "add", "--force", ".forge")
    before = everything(repository)

    assert "git rm" in forge("status", cwd=repository, code=1).err

    assert everything(repository) == before


def test_a_killed_run_of_ones_own_is_taken_back(forge: Forge, repository: Path) -> None:
    before = everything(repository)
    left_by_a_run(forge, repository, killed=True)
    assert "put back" in forge("status", cwd=repository).err
    assert everything(repository) == before


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


VERBS = [("status",), ("add", "graphql"), ("update", "--dry-run")]


def relock(project: Path, *lines: bytes, **header: object) -> None:
    """Change the header of `forge.lock`, and append lines to it."""
    path = project / "forge.lock"
    first, _, rest = path.read_bytes().partition(b"\n")
    changed = json.dumps(json.loads(first) | header, sort_keys=True).encode()
    path.write_bytes(b"\n".join([changed, rest.rstrip(b"\n"), *lines]) + b"\n")


def refused(forge: Forge, project: Path, *arguments: str) -> None:
    """The lock is damaged; nothing changes."""
    before = everything(project)
    document = forge(*arguments, "--json", cwd=project, code=1).document
    assert document["errors"][0]["code"] == "lock-corrupt"
    assert everything(project) == before


@pytest.mark.parametrize("arguments", VERBS)
def test_a_path_deeper_than_any_is_damage(
    forge: Forge, project: Path, arguments: tuple[str, ...]
) -> None:
    digest = packing.as_text(hashlib.sha256(b"").digest())
    deep = ["/".join("d" * 3000), "100644", digest, packing.pack("d", b"")]
    relock(project, json.dumps(deep).encode())
    refused(forge, project, *arguments)


@pytest.mark.parametrize("arguments", VERBS)
def test_a_version_longer_than_any_is_damage(
    forge: Forge, project: Path, arguments: tuple[str, ...]
) -> None:
    relock(project, forge_version="9" * 100_000)
    refused(forge, project, *arguments)


def relock_answers(project: Path, **answers: object) -> None:
    """Change answers in `forge.lock`."""
    header = json.loads((project / "forge.lock").read_bytes().partition(b"\n")[0])
    relock(project, answers=header["answers"] | answers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project_name", 'x"\nimport os as PWN #'),
        ("project_name", "../../x"),
        ("project_name", "{{7*7}}PWN"),
        ("project_name", "x" * 65),
        ("project_name", ""),
        ("project_name", 5),
        ("project_name", None),
        ("project_name", ["x"]),
        ("description", "two\nlines"),
        ("description", "\x1b]0;x\x07"),
        ("description", "\ud800"),
        ("description", 5),
        ("author", {"x": "y"}),
        ("license", "../x"),
        ("license", "{{7*7}}"),
        ("python", 3.12),
        ("database", ["sqlite"]),
        ("with_auth", "{{7*7}}"),
        ("with_auth", 1),
        ("versioning_kind", "../x"),
        ("versioning_kind", True),
        ("_tasks", ["touch /tmp/x"]),
        ("_src_path", "/tmp/x"),
        ("x\x1b]0;x\x07", True),
        ("with_" + "x" * 10_000, True),
    ],
)
def test_an_answer_that_new_would_not_record_is_damage(
    forge: Forge, project: Path, name: str, value: object
) -> None:
    relock_answers(project, **{name: value})
    for arguments in VERBS:
        refused(forge, project, *arguments)


def test_what_an_older_template_asked_is_passed_over(forge: Forge, project: Path) -> None:
    relock_answers(project, colour="blue", with_soap=True, soap_kind="{{7*7}}", sizes=[1, 2])
    forge("status", cwd=project)
    forge("add", "graphql", cwd=project)
    answers = (project / ".copier-answers.yml").read_text() + (project / "forge.lock").read_text()
    assert not {"colour", "soap", "{{7*7}}", "sizes"} & set(re.findall(r"[\w{}*]+", answers))


def test_a_name_that_is_taken_by_now_stays(forge: Forge, project: Path) -> None:
    relock_answers(project, project_name="fastapi")
    assert "fastapi" in forge("status", cwd=project).out
    forge("add", "graphql", cwd=project)


def test_a_licence_that_is_no_longer_offered_is_named(forge: Forge, project: Path) -> None:
    relock_answers(project, license="GPL-3.0+linking")
    assert "--license" in forge("add", "graphql", cwd=project, code=2).err
    forge("update", "--license", "MIT", cwd=project)
