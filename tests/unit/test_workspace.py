import base64
import errno
import json
import os
import stat
import tracemalloc
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from fastapi_forge.merging.renames import find_renames
from fastapi_forge.plan import Action, Change
from fastapi_forge.project import journal
from fastapi_forge.project.candidates import LIMIT
from fastapi_forge.project.finding import find_project
from fastapi_forge.project.holding import Busy, exclusive
from fastapi_forge.project.journal import Entry, Journal, Snapshot
from fastapi_forge.project.transaction import ChangedMeanwhile, WriteFailed
from fastapi_forge.project.workspace import (
    JournalDamaged,
    UndoBlocked,
    UndoUnavailable,
    Workspace,
)
from fastapi_forge.tree import File, Tree
from tests.support.builders import build_tree, read_tree, write_tree

BEFORE = {"app/main.py": "x = 1\n", "app/old/gone.py": "y = 1\n", "README.md": "hello\n"}
AFTER = {"app/main.py": "x = 2\n", "app/new/deep.py": "z = 1\n", "README.md": "hello\n"}


def changes(before: Mapping[str, str | File], after: Mapping[str, str | File]) -> list[Change]:
    old, new = build_tree(before), build_tree(after)
    return [
        Change(path, Action.CHANGE, old.get(path), new.get(path))
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    ]


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    write_tree(tmp_path, build_tree(BEFORE))
    return Workspace(tmp_path)


def test_changes_are_written_and_emptied_folders_go(space: Workspace) -> None:
    space.apply(changes(BEFORE, AFTER))
    assert read_tree(space.root) == build_tree(AFTER)
    assert not (space.root / "app/old").exists()


def test_a_folder_left_with_bytecode_alone_goes(space: Workspace) -> None:
    cache = space.root / "app/old/__pycache__"
    cache.mkdir()
    (cache / "gone.cpython-311.pyc").write_bytes(b"")
    space.apply(changes(BEFORE, AFTER))
    assert not (space.root / "app/old").exists()


def test_what_only_looks_like_bytecode_stays(space: Workspace) -> None:
    cache = space.root / "app/old/__pycache__"
    cache.mkdir()
    (cache / "mine.txt").write_text("mine")
    space.apply(changes(BEFORE, AFTER))
    assert (cache / "mine.txt").read_text() == "mine"


def test_a_folder_with_a_file_of_the_user_stays(space: Workspace) -> None:
    (space.root / "app/old/mine.txt").write_text("mine")
    space.apply(changes(BEFORE, AFTER))
    assert (space.root / "app/old/mine.txt").read_text() == "mine"


def test_forges_own_folder_is_ignored_by_git(space: Workspace) -> None:
    space.apply(changes(BEFORE, AFTER))
    assert (space.root / ".forge/.gitignore").read_text() == "*\n"


def test_nothing_to_write_makes_no_folder(space: Workspace) -> None:
    kept = build_tree(BEFORE)["README.md"]
    space.apply([Change("README.md", Action.KEEP, kept, kept)])
    assert space.recover() is None
    assert not (space.root / ".forge").exists()


def test_undo_is_identity_and_happens_once(space: Workspace) -> None:
    space.apply(changes(BEFORE, AFTER))
    assert sorted(space.undo()) == ["app/main.py", "app/new/deep.py", "app/old/gone.py"]
    assert read_tree(space.root) == build_tree(BEFORE)
    assert not (space.root / "app/new").exists()
    with pytest.raises(UndoUnavailable):
        space.undo()


def test_undo_takes_back_the_last_run_only(space: Workspace) -> None:
    space.apply(changes(BEFORE, AFTER))
    space.apply(changes(AFTER, {**AFTER, "README.md": "bye\n"}))
    space.undo()
    assert read_tree(space.root) == build_tree(AFTER)


def test_undo_names_what_was_edited_since(space: Workspace) -> None:
    space.apply(changes(BEFORE, AFTER))
    (space.root / "app/main.py").write_text("x = 3\n")
    with pytest.raises(UndoBlocked, match=r"app/main\.py") as caught:
        space.undo()
    assert caught.value.exit_code == 3
    assert (space.root / "app/new/deep.py").exists()


def test_undo_without_a_run_says_so(space: Workspace) -> None:
    with pytest.raises(UndoUnavailable) as caught:
        space.undo()
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755, 0o444])
def test_permissions_stay_and_come_back(space: Workspace, mode: int) -> None:
    main = space.root / "app/main.py"
    main.chmod(mode)
    executable = bool(mode & 0o100)
    before, after = (File(text, executable) for text in (b"x = 1\n", b"x = 2\n"))
    space.apply([Change("app/main.py", Action.CHANGE, before, after)])
    assert stat.S_IMODE(main.stat().st_mode) == mode
    space.undo()
    assert stat.S_IMODE(main.stat().st_mode) == mode


def test_a_file_becomes_executable_for_those_who_read_it(space: Workspace) -> None:
    main = space.root / "app/main.py"
    main.chmod(0o640)
    before, after = File(b"x = 1\n"), File(b"x = 1\n", executable=True)
    space.apply([Change("app/main.py", Action.CHANGE, before, after)])
    assert stat.S_IMODE(main.stat().st_mode) == 0o750


def test_a_file_edited_after_the_plan_stops_the_run(space: Workspace) -> None:
    planned = changes(BEFORE, AFTER)
    (space.root / "app/main.py").write_text("x = 'mine'\n")
    with pytest.raises(ChangedMeanwhile, match=r"app/main\.py"):
        space.apply(planned)
    assert (space.root / "app/main.py").read_text() == "x = 'mine'\n"
    assert not (space.root / "app/new").exists()
    assert not (space.root / ".forge").exists()


def test_a_file_that_came_after_the_plan_stops_the_run(space: Workspace) -> None:
    (space.root / "app/new").mkdir()
    (space.root / "app/new/deep.py").write_text("mine")
    with pytest.raises(ChangedMeanwhile, match=r"deep\.py"):
        space.apply(changes(BEFORE, AFTER))


def test_a_link_that_leaves_the_project_is_never_written_through(
    tmp_path: Path, space: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (space.root / "app/new").symlink_to(elsewhere)
    with pytest.raises(ChangedMeanwhile):
        space.apply(changes(BEFORE, AFTER))
    assert not list(elsewhere.iterdir())
    yours = space.read(Tree(), build_tree(AFTER))
    assert "leaves the project" in yours.obstacles["app/new/deep.py"]


def test_a_second_run_is_refused_while_one_is_at_work(space: Workspace) -> None:
    with exclusive(space.root), pytest.raises(Busy):
        space.apply(changes(BEFORE, AFTER))
    assert read_tree(space.root) == build_tree(BEFORE)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_project_that_cannot_be_written_is_left_alone(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(WriteFailed, match=os.strerror(code)) as caught:
        space.apply(changes(BEFORE, AFTER))
    assert caught.value.exit_code == 1
    assert read_tree(space.root) == build_tree(BEFORE)


def test_a_damaged_journal_is_said(space: Workspace) -> None:
    (space.root / ".forge/txn").mkdir(parents=True)
    (space.root / ".forge/txn/journal.json").write_text("{}")
    with pytest.raises(JournalDamaged):
        space.recover()


def interrupted(space: Workspace, *entries: Entry, made: tuple[str, ...] = ()) -> None:
    """Leave a journal behind, as a killed run does."""
    (space.root / ".forge/txn").mkdir(parents=True, exist_ok=True)
    (space.root / ".forge/txn/journal.json").write_bytes(journal.dumps(Journal(entries, made)))


@pytest.mark.parametrize("mode", ["Infinity", "NaN", "9" * 5000, '"x"', "null", "[]"])
def test_a_mode_that_is_none_is_damage(space: Workspace, mode: str) -> None:
    interrupted(space, Entry("app/main.py", Snapshot(b"evil", 0), None))
    place = space.root / ".forge/txn/journal.json"
    place.write_text(place.read_text().replace('"mode": 0', f'"mode": {mode}'))
    with pytest.raises(JournalDamaged):
        space.recover()


def _zeros(megabytes: int) -> str:
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(2**20)) for _ in range(megabytes)]
    return base64.b85encode(b"".join(parts) + packer.flush()).decode()


def test_a_bomb_is_not_unpacked(space: Workspace) -> None:
    interrupted(space, Entry("app/main.py", Snapshot(b"", 0o644), None))
    place = space.root / ".forge/txn/journal.json"
    document = json.loads(place.read_text())
    document["entries"][0]["before"]["data"] = _zeros(300)
    place.write_text(json.dumps(document))
    tracemalloc.start()
    try:
        with pytest.raises(JournalDamaged):
            space.recover()
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()
    assert read_tree(space.root) == build_tree(BEFORE)


def test_many_files_of_a_journal_are_bounded_together(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(space, *(Entry(name, Snapshot(bytes(1000), 0o644), None) for name in "ab"))
    monkeypatch.setattr(journal, "MAX_KEPT", 1500)
    with pytest.raises(JournalDamaged):
        space.recover()


def test_a_journal_is_not_read_beyond_its_largest_size(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(space, Entry("app/main.py", Snapshot(b"", 0o644), None))
    monkeypatch.setattr(journal, "MAX_JOURNAL", 100)
    with pytest.raises(JournalDamaged):
        space.recover()


@pytest.mark.parametrize("limit", ["MAX_KEPT", "MAX_JOURNAL"])
def test_a_run_that_could_not_be_put_back_is_refused(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(journal, limit, 5)
    with pytest.raises(WriteFailed, match="too large"):
        space.apply(changes(BEFORE, AFTER))
    assert read_tree(space.root) == build_tree(BEFORE)
    assert not (space.root / ".forge").exists()


@pytest.mark.parametrize("path", ["../outside", "/etc/x", ".git/hooks/post-commit"])
def test_a_journal_made_by_an_enemy_writes_nothing_elsewhere(space: Workspace, path: str) -> None:
    interrupted(space, Entry(path, Snapshot(b"evil", 0o777), None))
    with pytest.raises(JournalDamaged):
        space.recover()


def test_a_link_planted_where_files_are_restored_is_not_followed(
    space: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    victim = tmp_path_factory.mktemp("elsewhere") / "victim"
    victim.write_text("mine")
    interrupted(space, Entry("app/new.py", Snapshot(b"evil", 0o777), None))
    (space.root / ".forge/txn/restored").symlink_to(victim)
    space.recover()
    assert victim.read_text() == "mine"
    assert stat.S_IMODE(victim.stat().st_mode) & 0o111 == 0


def test_a_folder_made_behind_a_link_is_not_removed(
    space: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "empty").mkdir()
    (space.root / "link").symlink_to(elsewhere)
    interrupted(space, made=("link/empty",))
    space.recover()
    assert (elsewhere / "empty").is_dir()


@pytest.mark.parametrize("reserved", [".git", ".GIT/hooks", ".forge"])
def test_nothing_is_put_where_a_link_leads_to_git_or_forge(space: Workspace, reserved: str) -> None:
    (space.root / reserved).mkdir(parents=True)
    (space.root / "link").symlink_to(reserved)
    entry = Entry("link/post-commit", Snapshot(b"evil", 0o777), None)
    interrupted(space, entry)
    assert "link/post-commit" in (space.recover() or "")
    assert not (space.root / reserved / "post-commit").exists()
    yours = space.read(Tree(), build_tree({"link/post-commit": "x"}))
    assert "leaves the project" in yours.obstacles["link/post-commit"]
    with pytest.raises(ChangedMeanwhile):
        space.apply(changes({}, {"link/post-commit": "x"}))


def test_only_generated_paths_are_read(space: Workspace) -> None:
    yours = space.read(build_tree({"README.md": "hello\n"}), build_tree({"app/main.py": "new\n"}))
    assert set(yours.tree) == {"README.md", "app/main.py"}


def test_a_renamed_file_is_looked_for_where_git_looks(space: Workspace) -> None:
    body = "".join(f"line {n}\n" for n in range(20))
    files = {
        ".gitignore": "ignored/\n",
        "app/features2.py": body,
        "ignored/features.py": body,
        ".venv/features.py": body,
        "app/other.txt": body,
        "app/tiny.py": "x\n",
    }
    write_tree(space.root, build_tree(files))
    yours = space.read(build_tree({"app/features.py": body}), Tree())
    assert set(yours.tree) == {"app/features2.py"}


@pytest.mark.parametrize(
    ("old", "new", "is_found"),
    [
        ("compose.yaml", "docker-compose.yml", True),
        ("ci.yml", "checks.yaml", True),
        ("compose.yaml", "compose.yaml.bak", False),
        ("app/features.py", "app/features.txt", False),
        ("app/features.py", "app/features.py.bak", False),
    ],
)
def test_a_renamed_file_has_a_suffix_of_the_same_format(
    space: Workspace, old: str, new: str, is_found: bool
) -> None:
    body = "".join(f"line: {n}\n" for n in range(20))
    write_tree(space.root, build_tree({new: f"{body}mine: 1\n"}))
    base = build_tree({old: body})
    yours = space.read(base, Tree()).tree
    assert (new in yours) is is_found
    assert find_renames(base, build_tree({new: body}), Tree()) == ({old: new} if is_found else {})
    assert find_renames(base, yours, Tree()) == ({old: new} if is_found else {})


@pytest.mark.parametrize("is_missing", [False, True])
def test_the_size_of_the_project_hardly_matters(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, is_missing: bool
) -> None:
    body = "".join(f"line {n}\n" for n in range(20))
    write_tree(space.root, build_tree({f"own/{n}.py": body for n in range(2 * LIMIT)}))
    base = build_tree({"app/main.py": "x = 1\n"} | ({"app/gone.py": body} if is_missing else {}))
    opened: list[Path] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    space.read(base, Tree())
    assert len(opened) == (LIMIT + 1 if is_missing else 1)


def test_a_file_moved_in_a_large_project_is_found(space: Workspace) -> None:
    body = "".join(f"line {n}\n" for n in range(20))
    write_tree(space.root, build_tree({f"own/{n}.py": body for n in range(2 * LIMIT)}))
    write_tree(space.root, build_tree({"svc/features.py": body + "mine\n"}))
    yours = space.read(build_tree({"app/features.py": body}), Tree())
    assert "svc/features.py" in yours.tree


def test_what_is_no_file_is_an_obstacle(space: Workspace) -> None:
    (space.root / "link.py").symlink_to("README.md")
    (space.root / "folder.py").mkdir()
    generated = build_tree({"link.py": "", "folder.py": "", "README.md/x": ""})
    assert space.read(Tree(), generated).obstacles == {
        "link.py": "`link.py` is a symbolic link",
        "folder.py": "`folder.py` is a folder",
        "README.md/x": "`README.md` is a file of yours",
    }


def test_the_project_is_found_upwards(space: Workspace) -> None:
    assert find_project(space.root / "app/old") is None
    (space.root / "forge.lock").write_bytes(b"")
    assert find_project(space.root / "app/old") == space.root
