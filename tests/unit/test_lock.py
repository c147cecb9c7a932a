import base64
import hashlib
import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from fastapi_forge.project import lock as locks
from fastapi_forge.project import packing
from fastapi_forge.project.lock import ConflictedLock, CorruptLock, Lock, NewerLock
from fastapi_forge.project.meeting import merge_answers, sides
from fastapi_forge.tree import File
from tests.support.builders import build_tree

LOCK = Lock(
    {"with_graphql": True, "name": "myapi"},
    build_tree({"app/main.py": "x = 1\n", "run.sh": File(b"#!\n", executable=True), "é.txt": ""}),
    "0.1.0",
)


def line(
    path: str, content: bytes = b"x", *, mode: str = "100644", sha256: str = "", data: str = ""
) -> bytes:
    sum_ = sha256 or packing.as_text(hashlib.sha256(content).digest())
    return json.dumps([path, mode, sum_, data or packing.pack(path, content)]).encode()


def old_line(path: str, content: bytes, mode: str = "100644") -> bytes:
    """As format 1 had it."""
    data = base64.b85encode(zlib.compress(content, 9)).decode()
    sum_ = hashlib.sha256(content).hexdigest()
    return json.dumps({"path": path, "mode": mode, "sha256": sum_, "data": data}).encode()


def lock_with(*lines: bytes) -> bytes:
    header = locks.dumps(Lock({}, build_tree({}), "0.1.0"))
    return header + b"".join(line + b"\n" for line in lines)


def test_a_lock_comes_back_as_it_was_written() -> None:
    assert locks.loads(locks.dumps(LOCK)) == LOCK


def test_what_was_there_before_comes_back_while_it_is_a_generated_file() -> None:
    found = replace(LOCK, found=frozenset({"run.sh", "é.txt"}))
    assert locks.loads(locks.dumps(found)) == found
    known = replace(LOCK, found=frozenset({"run.sh", "gone.py"}))
    assert locks.loads(locks.dumps(known)).found == {"run.sh"}
    assert b"found" not in locks.dumps(replace(LOCK, found=frozenset({"gone.py"})))


@pytest.mark.parametrize("found", ["null", "{}", '"run.sh"', "[1]", "[[]]"])
def test_what_was_there_before_is_a_list_of_paths(found: str) -> None:
    data = locks.dumps(LOCK).replace(b'"forge_lock"', b'"found": %b, "forge_lock"' % found.encode())
    with pytest.raises(CorruptLock, match="there before"):
        locks.loads(data)


def test_lines_are_sorted_by_path_and_the_same_each_time() -> None:
    data = locks.dumps(LOCK)
    paths = [json.loads(row)[0] for row in data.splitlines()[1:]]
    assert paths == sorted(paths)
    assert locks.dumps(locks.loads(data)) == data


def test_a_line_whose_file_is_unchanged_keeps_its_bytes() -> None:
    loose = line("app/main.py", b"x = 1\n", data=_packed(b"x = 1\n", level=0))
    tree = build_tree({"app/main.py": "x = 1\n", "b.py": "new\n"})
    written = locks.dumps(Lock({}, tree, "9"), lock_with(loose))
    assert loose in written.splitlines()


def _packed(content: bytes, level: int) -> str:
    packer = zlib.compressobj(level, wbits=-15)
    return packing.as_text(packer.compress(content) + packer.flush())


def test_a_line_of_another_content_is_not_kept() -> None:
    sum_ = packing.as_text(hashlib.sha256(b"x = 2\n").digest())
    lie = line("a.py", b"x = 1\n", sha256=sum_)
    written = locks.dumps(Lock({}, build_tree({"a.py": "x = 2\n"}), "1"), lock_with(lie))
    assert locks.loads(written).tree == build_tree({"a.py": "x = 2\n"})


def test_lines_of_the_first_format_are_read_and_written_anew() -> None:
    rows = [old_line("app/main.py", b"x = 1\n"), old_line("run.sh", b"#!\n", "100755")]
    header = b'{"answers": {"with_ci": true}, "forge_lock": 1, "forge_version": "0.1.0"}\n'
    old = header + b"".join(row + b"\n" for row in rows)

    lock = locks.loads(old)

    tree = build_tree({"app/main.py": "x = 1\n", "run.sh": File(b"#!\n", executable=True)})
    assert lock == Lock({"with_ci": True}, tree, "0.1.0")
    assert locks.dumps(lock, old) == locks.dumps(lock)
    assert b'"forge_lock": 2' in locks.dumps(lock, old)


def test_lines_of_both_formats_may_meet_in_a_merge() -> None:
    data = lock_with(line("a.py"), old_line("b.py", b"y"))
    assert locks.loads(data).tree == build_tree({"a.py": "x", "b.py": "y"})


@pytest.mark.parametrize(
    ("name", "sum_"),
    [
        ("lock_app.dict", "5d422870ee0e50cb29d59a45f0b38dbf4665b1054c1da85b6ced2c1f723f7f3b"),
        ("lock_others.dict", "d1108af3be453de9f6dd38bf365987c580db5cfe13c158877f3936c73f864009"),
        ("lock_tests.dict", "799a577b49c5669ca1da994f8ccab342857ae4638a172b516f5fc06f7c1ae4f3"),
        ("lock_users.dict", "4c6b081321767873e0502e261d94fda7ea3272d0dc271b8d0550b66ca2777fd3"),
    ],
)
def test_what_all_locks_were_written_with_never_changes(name: str, sum_: str) -> None:
    words = Path(packing.__file__).with_name(name).read_bytes()
    assert hashlib.sha256(words).hexdigest() == sum_


@pytest.mark.parametrize(
    ("path", "packed"),
    [
        ("app/main.py", "Bd+F$3KW2b%uBcc"),
        ("tests/test_app.py", "BQDfX?E(M"),
        ("tests/auth/test_app.py", "Bd+2{H4^{"),
        ("README.md", "0~hSckbWL`ZY?nhet5Dc=;#CR;l)q^$ZB3L00"),
    ],
)
def test_what_was_packed_once_can_always_be_read(path: str, packed: str) -> None:
    content = b"from collections.abc import Iterator\n\nimport pytest\n"
    assert packing.unpack(path, packed, 100) == content


@pytest.mark.parametrize("path", ["app/main.py", "tests/test_app.py"])
def test_what_files_share_is_not_written_again(path: str) -> None:
    shared = b"from sqlalchemy.ext.asyncio import AsyncSession\n\nfrom app.settings import Settings"
    alone = zlib.compress(shared, 9)
    assert len(packing.from_text(packing.pack(path, shared))) < len(alone) / 2


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
        "/".join("d" * 65),
        "/".join(["d" * 200] * 21),
        "\ud800",
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
        ([line("a", sha256="0" * 40)], "sha256"),
        ([line("a", sha256=" ")], "sha256"),
        ([old_line("a", b"x").replace(b'"sha256": "', b'"sha256": "x')], "sha256"),
        ([line("a", mode="120000")], "mode"),
        ([line("a", data="!!")], "unpacked"),
        ([line("a", data=packing.as_text(b"no deflate"))], "unpacked"),
        ([line("a", data=packing.pack("a", bytes(range(99)))[:-5])], "unpacked"),
        ([b"{"], "JSON"),
        ([b"[" * 100_000], "JSON"),
        ([b"[]"], "not a file"),
        ([b"{}"], "not a file"),
        ([b"1"], "not a file"),
        ([b'["a", "100644", "x", 1]'], "not a file"),
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


def test_more_files_than_a_project_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MAX_FILES", 2)
    rows = [line(name) for name in "abc"]
    assert len(locks.loads(lock_with(*rows[:2])).tree) == 2
    with pytest.raises(CorruptLock, match="more than 2 files"):
        locks.loads(lock_with(*rows))


@pytest.mark.parametrize("version", ["0.1.0", "1!2.0rc1.post2.dev3+local.4"])
def test_a_version_is_taken_as_packages_have_it(version: str) -> None:
    assert locks.loads(locks.dumps(Lock({}, build_tree({}), version))).forge_version == version


@pytest.mark.parametrize("version", ["", "9" * 100_000, "1\x1b]0;x\x07", "1\n", "²", "1 2"])
@pytest.mark.parametrize("lock_format", [2, 3])
def test_what_is_no_version_is_damage(version: str, lock_format: int) -> None:
    data = locks.dumps(Lock({}, build_tree({}), version))
    with pytest.raises(CorruptLock, match="version") as caught:
        locks.loads(data.replace(b'"forge_lock": 2', f'"forge_lock": {lock_format}'.encode()))
    assert len(caught.value.message) < 200


def test_damage_is_said_without_control_characters() -> None:
    with pytest.raises(CorruptLock, match="mode") as caught:
        locks.loads(lock_with(line("a", mode="\x1b]0;x\x07" * 1000)))
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 200


def test_a_newer_format_names_both_versions() -> None:
    data = locks.dumps(LOCK).replace(b'"forge_lock": 2', b'"forge_lock": 3')
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
    ours, base, theirs = sides(data)
    assert ours.answers == {"graphql": False, "ci": True}
    assert theirs.answers == {"graphql": True}
    assert (base is not None) is diff3
    assert ours.tree == theirs.tree == build_tree({"a.py": "x"})
    merged = merge_answers(ours.answers, base and base.answers, theirs.answers)
    assert merged.answers == {"graphql": True, "ci": True}
    assert merged.clashes == ()


def test_an_answer_that_both_changed_is_named() -> None:
    merged = merge_answers({"kind": "row"}, {"kind": "none"}, {"kind": "schema"})
    assert merged.clashes == ("kind",)
    assert merged.answers == {"kind": "row"}


def test_a_removed_answer_stays_removed() -> None:
    assert merge_answers({}, {"a": 1}, {"a": 1}).answers == {}


def test_marks_that_do_not_match_are_damage() -> None:
    with pytest.raises(CorruptLock):
        sides(b"<<<<<<< HEAD\n" + locks.dumps(LOCK))
