"""forge.lock where two branches met in it, each with a feature of its own: one lock again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi_forge import git
from fastapi_forge.errors import ForgeError
from fastapi_forge.merging.merge import merge
from fastapi_forge.merging.textmerge import bare, split
from fastapi_forge.project.lock import LOCK_NAME, CorruptLock, Lock, has_conflict_marks, loads
from fastapi_forge.tree import File, Tree

_MARKS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


class ClashingAnswers(ForgeError):
    """Both branches changed one answer, each its own way."""

    code: ClassVar[str] = "answers-clash"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"both branches changed `{'`, `'.join(names)}` in `{LOCK_NAME}`, each its own way",
            f"take one side, then go on: git checkout --ours {LOCK_NAME} && forge update",
        )


def read_lock(
    data: bytes, lists: Collection[str] = (), base_of: Callable[[], bytes | None] = lambda: None
) -> Lock:
    """Read a lock; one with git's conflict marks is settled.

    Answers are merged three-way. The tree is what both branches generated: the next verb finds in
    it what each brought, and adds what only the two together have. A file that does not merge is
    that of this branch. `lists` are as `merge` takes them. `base_of` gives the lock at which the
    branches parted, for where the marks do not show it. Raises ClashingAnswers, and what `loads`
    raises.
    """
    if not has_conflict_marks(data):
        return loads(data)
    ours, base, theirs = sides(data)
    if base is None and (began := base_of()) is not None and not has_conflict_marks(began):
        base = loads(began)
    answers = merge_answers(ours.answers, None if base is None else base.answers, theirs.answers)
    if answers.clashes:
        raise ClashingAnswers(answers.clashes)
    common = _common(ours.tree, theirs.tree) if base is None else base.tree
    both = merge(common, ours.tree, theirs.tree, follow_renames=False, lists=lists)
    alone = {path for path in ours.tree if path not in common and path not in theirs.tree}
    tree = Tree({**{path: ours.tree[path] for path in alone}, **both.outcome})
    return Lock(answers.answers, tree, ours.forge_version, _found(ours, base, theirs))


def _found(ours: Lock, base: Lock | None, theirs: Lock) -> frozenset[str]:
    """The user's own files by either branch, but those that one of them no longer counts so."""
    before = base.found if base else frozenset()
    return (ours.found & theirs.found) | ((ours.found | theirs.found) - before)


def as_git_left(
    data: bytes,
    blobs: tuple[Mapping[str, str], Mapping[str, str]] | None,
    read: Callable[[str], File | None],
) -> dict[str, File]:
    """The files of a lock with git's marks in which there is nothing of the user's, as they are.

    Nobody edited them on either branch, by the ids that git has for them, and every line that they
    have now, conflict marks aside, is of one of the branches.
    """
    if blobs is None or not has_conflict_marks(data):
        return {}
    ours, _, theirs = sides(data)
    found: dict[str, File] = {}
    for path in sorted({*ours.tree, *theirs.tree}):
        both = [side.tree.get(path) for side in (ours, theirs)]
        if all(map(_is_committed, both, [side.get(path) for side in blobs])):
            lines = {bare(x) for file in both if file for x in split(file.content)}
            now = read(path)
            if now and all(bare(x) in lines or x[:7] in _MARKS for x in split(now.content)):
                found[path] = now
    return found


def _is_committed(file: File | None, blob: str | None) -> bool:
    if file is None or blob is None:
        return file is None and blob is None
    return git.blob_id(file.content, blob) == blob


def _common(one: Tree, other: Tree) -> Tree:
    """The files that two trees share."""
    return Tree({path: file for path, file in one.items() if other.get(path) == file})


def sides(data: bytes) -> tuple[Lock, Lock | None, Lock]:
    """Ours, base and theirs of a lock with git's conflict marks.

    Base is None where the marks do not show it (git's default style). Raises CorruptLock.
    """
    ours: list[bytes] = []
    base: list[bytes] = []
    theirs: list[bytes] = []
    everyone = [ours, base, theirs]
    current, hunks, bases = everyone, 0, 0
    for line in data.splitlines(keepends=True):
        mark = line[:7] if line[:7] in _MARKS else b""
        if not mark:
            for side in current:
                side.append(line)
        elif mark == b"<<<<<<<":
            current, hunks = [ours], hunks + 1
        elif mark == b"|||||||":
            current, bases = [base], bases + 1
        else:
            current = [theirs] if mark == b"=======" else everyone
    if current is not everyone:
        raise CorruptLock("its conflict marks do not match")
    read_base = loads(b"".join(base)) if hunks == bases else None
    return loads(b"".join(ours)), read_base, loads(b"".join(theirs))


@dataclass(frozen=True)
class MergedAnswers:
    """The answers of two branches put together; `clashes` names those that both changed."""

    answers: Mapping[str, Any]
    clashes: tuple[str, ...]


def merge_answers(
    ours: Mapping[str, Any], base: Mapping[str, Any] | None, theirs: Mapping[str, Any]
) -> MergedAnswers:
    """Merge answers three-way, key by key; a clash keeps ours.

    Without a base, a feature that one side has and the other has not counts as added.
    """
    absent = object()
    answers: dict[str, Any] = {}
    clashes = []
    for key in sorted({*ours, *theirs, *(base or {})}):
        mine, new = ours.get(key, absent), theirs.get(key, absent)
        old = _assumed_base(mine, new, absent) if base is None else base.get(key, absent)
        if mine != new and old not in (mine, new):
            clashes.append(key)
        value = new if mine == old else mine
        if value is not absent:
            answers[key] = value
    return MergedAnswers(answers, tuple(clashes))


def _assumed_base(mine: Any, new: Any, absent: object) -> Any:
    if absent in (mine, new):
        return absent
    if {type(mine), type(new)} == {bool}:
        return False
    return mine if mine == new else absent
