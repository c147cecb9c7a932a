"""forge.lock where two branches met in it, each with a feature of its own: one lock again."""

from typing import ClassVar

from fastapi_forge.errors import ForgeError
from fastapi_forge.merging.merge import merge
from fastapi_forge.project.lock import (
    LOCK_NAME,
    Lock,
    has_conflict_marks,
    loads,
    merge_answers,
    sides,
)
from fastapi_forge.tree import Tree


class ClashingAnswers(ForgeError):
    """Both branches changed one answer, each its own way."""

    code: ClassVar[str] = "answers-clash"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"both branches changed `{'`, `'.join(names)}` in `{LOCK_NAME}`, each its own way",
            f"take one side, then go on: git checkout --ours {LOCK_NAME} && forge update",
        )


def read_lock(data: bytes) -> Lock:
    """Read a lock; one with git's conflict marks is settled.

    Answers are merged three-way. The tree is what both branches generated: the next verb finds in
    it what each brought, and adds what only the two together have. A file that does not merge is
    that of this branch. Raises ClashingAnswers, and what `loads` raises.
    """
    if not has_conflict_marks(data):
        return loads(data)
    ours, base, theirs = sides(data)
    answers = merge_answers(ours.answers, None if base is None else base.answers, theirs.answers)
    if answers.clashes:
        raise ClashingAnswers(answers.clashes)
    common = _common(ours.tree, theirs.tree) if base is None else base.tree
    both = merge(common, ours.tree, theirs.tree, follow_renames=False)
    return Lock(answers.answers, both.outcome, ours.forge_version)


def _common(one: Tree, other: Tree) -> Tree:
    """The files that two trees share."""
    return Tree({path: file for path, file in one.items() if other.get(path) == file})
