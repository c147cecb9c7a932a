import base64
import hashlib
import json
import zlib

import pytest

from fastapi_forge.project import lock as locks
from fastapi_forge.project.lock import ConflictedLock, CorruptLock, Lock, NewerLock
from fastapi_forge.tree import File
from tests.support.builders import build_tree

LOCK = Lock(
    {"with_graphql": True, "name": "myapi"},
    build_tree({"app/main.py": "x = 1\n", "run.sh": File(b"#!\n", executable=True), "é.txt": ""}),
    "0.1.0",
)


def line(path: str, content: bytes = b"x", **changed: str) -> bytes:
    record = {
        "path": path,
        "mode": "100644",
        "sha256": hashlib.sha256(content).hexdigest(),
        "data": base64.b85encode(zlib.compress(content)).decode(),
    }
    return json.dumps(record | changed).encode()


def lock_with(*lines: bytes) -> bytes:
    header = locks.dumps(Lock({}, build_tree({}), "0.1.0"))
    return header + b"".join(line + b"\n" for line in lines)


def test_a_lock_comes_back_as_it_was_written() -> None:
    assert locks.loads(locks.dumps(LOCK)) == LOCK


def test_lines_are_sorted_by_path_and_the_same_each_time() -> None:
    data = locks.dumps(LOCK)
    paths = [json.loads(row)["path"] for row in data.splitlines()[1:]]
    assert paths == sorted(paths)
    assert locks.dumps(locks.loads(data)) == data


def test_a_line_whose_file_is_unchanged_keeps_its_bytes() -> None:
    loose = line("app/main.py", b"x = 1\n", data=_packed(b"x = 1\n", level=0))
    tree = build_tree({"app/main.py": "x = 1\n", "b.py": "new\n"})
    written = locks.dumps(Lock({}, tree, "9"), lock_with(loose))
    assert loose in written.splitlines()


def _packed(content: bytes, level: int) -> str:
    return base64.b85encode(zlib.compress(content, level)).decode()


def test_a_line_of_another_content_is_not_kept() -> None:
    lie = line("a.py", b"x = 1\n", sha256=hashlib.sha256(b"x = 2\n").hexdigest())
    written = locks.dumps(Lock({}, build_tree({"a.py": "x = 2\n"}), "1"), lock_with(lie))
    assert locks.loads(written).tree == build_tree({"a.py": "x = 2\n"})


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "a/../../x",
        "/etc/passwd",
        "C:\\x",
        "C:x",
        "a\\b",
        "a\0b",
        "",
        "a//b",
        "./a",
        "a/.",
        ".git/hooks/pre-commit",
        "a/.GIT/config",
        ".git./config",
        ".forge/txn/journal.json",
        "forge.lock",
        "Forge.lock",
        "a\nb",
    ],
)
def test_a_path_that_forge_never_writes_is_refused(path: str) -> None:
    with pytest.raises(CorruptLock):
        locks.loads(lock_with(line(path)))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([line("a"), line("a")], "twice"),
        ([line("a"), line("a/b")], "both a file and a folder"),
        ([line("a", sha256="0" * 64)], "sha256"),
        ([line("a", mode="120000")], "mode"),
        ([line("a", data="!!")], "unpacked"),
        ([line("a", data=base64.b85encode(b"no zlib").decode())], "unpacked"),
        ([b"{"], "JSON"),
        ([b"[" * 100_000], "JSON"),
        ([b"[]"], "object"),
        ([b"{}"], "not a file"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_damaged_lock_says_what_is_wrong(rows: list[bytes], words: str) -> None:
    with pytest.raises(CorruptLock, match=words) as caught:
        locks.loads(lock_with(*rows))
    assert caught.value.exit_code == 1
    assert "git checkout" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"null\n", b'{"forge_lock": true}\n'])
def test_a_lock_without_a_header_is_refused(data: bytes) -> None:
    with pytest.raises(CorruptLock):
        locks.loads(data)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MAX_FILE", 1000)
    with pytest.raises(CorruptLock, match="too large"):
        locks.loads(lock_with(line("a", bytes(10_000_000))))


def test_many_files_together_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MAX_TREE", 1500)
    with pytest.raises(CorruptLock, match="too large"):
        locks.loads(lock_with(line("a", bytes(1000)), line("b", bytes(1000))))


def test_a_newer_format_names_both_versions() -> None:
    data = locks.dumps(LOCK).replace(b'"forge_lock": 1', b'"forge_lock": 2')
    with pytest.raises(NewerLock, match=r"0\.1\.0"):
        locks.loads(data)


def conflicted(ours: dict[str, bool], theirs: dict[str, bool], *, diff3: bool) -> bytes:
    def header(answers: dict[str, bool]) -> bytes:
        return locks.dumps(Lock(answers, build_tree({}), "0.1.0"))

    base = b"||||||| base\n" + header({"graphql": False}) if diff3 else b""
    return (
        b"<<<<<<< HEAD\n"
        + header(ours)
        + base
        + b"=======\n"
        + header(theirs)
        + b">>>>>>> other\n"
        + line("a.py")
        + b"\n"
    )


@pytest.mark.parametrize("diff3", [True, False])
def test_both_sides_are_read_out_of_gits_marks(diff3: bool) -> None:
    data = conflicted({"graphql": False, "ci": True}, {"graphql": True}, diff3=diff3)
    with pytest.raises(ConflictedLock):
        locks.loads(data)
    ours, base, theirs = locks.sides(data)
    assert ours.answers == {"graphql": False, "ci": True}
    assert theirs.answers == {"graphql": True}
    assert (base is not None) is diff3
    assert ours.tree == theirs.tree == build_tree({"a.py": "x"})
    merged = locks.merge_answers(ours.answers, base and base.answers, theirs.answers)
    assert merged.answers == {"graphql": True, "ci": True}
    assert merged.clashes == ()


def test_an_answer_that_both_changed_is_named() -> None:
    merged = locks.merge_answers({"kind": "row"}, {"kind": "none"}, {"kind": "schema"})
    assert merged.clashes == ("kind",)
    assert merged.answers == {"kind": "row"}


def test_a_removed_answer_stays_removed() -> None:
    assert locks.merge_answers({}, {"a": 1}, {"a": 1}).answers == {}


def test_marks_that_do_not_match_are_damage() -> None:
    with pytest.raises(CorruptLock):
        locks.sides(b"<<<<<<< HEAD\n" + locks.dumps(LOCK))
