"""Two branches that each added a feature meet in forge.lock."""

import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from fastapi_forge.merging.merge import merge
from fastapi_forge.project import lock as locks
from fastapi_forge.project.lock import Lock
from fastapi_forge.project.meeting import ClashingAnswers, read_lock
from fastapi_forge.tree import Tree
from tests.support.builders import build_tree, read_tree, text, write_tree


def rendered(*features: str) -> Tree:
    files = {
        "app/routes.py": "router = R()\n"
        + "".join(f"router.include_router({name})\n" for name in sorted(features))
        + "# end\n",
        "README.md": "# myapi\n\nRun it.\n",
    }
    files |= {f"app/{name}.py": f"NAME = '{name}'\n" for name in features}
    if {"auth", "graphql"} <= set(features):
        files["app/both.py"] = "BOTH = 1\n"
    return build_tree(files)


def lock_of(features: Iterable[str], **answers: str) -> bytes:
    on = {f"with_{name}": name in features for name in ("auth", "graphql")}
    return locks.dumps(Lock(on | answers, rendered(*features), "0.1.0"))


def git(root: Path, *args: str) -> int:
    identity = ("-c", "user.name=u", "-c", "user.email=u@example.org")
    command = ["git", *identity, *args]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode


@pytest.fixture(params=["merge", "diff3"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A repository in which branch `auth` was merged into branch `graphql`."""

    def save(features: tuple[str, ...]) -> None:
        write_tree(tmp_path, rendered(*features))
        (tmp_path / "forge.lock").write_bytes(lock_of(features))
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "state")

    git(tmp_path, "init", "-qb", "graphql")
    git(tmp_path, "config", "merge.conflictStyle", request.param)
    save(())
    git(tmp_path, "branch", "auth")
    save(("graphql",))
    git(tmp_path, "switch", "-q", "auth")
    save(("auth",))
    git(tmp_path, "switch", "-q", "graphql")
    assert git(tmp_path, "merge", "-q", "auth") == 1
    (tmp_path / "app/routes.py").write_bytes(rendered("auth", "graphql")["app/routes.py"].content)
    return tmp_path


def test_the_next_verb_goes_on_with_both_features(project: Path) -> None:
    lock = read_lock((project / "forge.lock").read_bytes(), ["app/routes.py"])
    assert lock.answers == {"with_auth": True, "with_graphql": True}
    yours = read_tree(project)
    target = rendered("auth", "graphql")
    merged = merge(lock.tree, Tree({path: yours[path] for path in target if path in yours}), target)
    assert merged.conflicts == ()
    assert merged.outcome == target
    assert [change.path for change in merged.changes] == ["app/both.py"]


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "found"),
    [
        (["app/graphql.py"], [], [], ["app/graphql.py"]),
        ([], [], ["app/auth.py"], ["app/auth.py"]),
        (["README.md"], ["README.md"], ["README.md"], ["README.md"]),
        (["README.md"], ["README.md"], [], []),
    ],
)
def test_what_the_user_had_before_on_one_branch_is_still_theirs(
    ours: list[str], base: list[str], theirs: list[str], found: list[str]
) -> None:
    branches = ((("graphql",), ours), ((), base), (("auth",), theirs))
    sides = (
        locks.dumps(replace(locks.loads(lock_of(features)), found=frozenset(paths)))
        for features, paths in branches
    )
    marked = b"<<<<<<< x\n%b||||||| y\n%b=======\n%b>>>>>>> z\n" % (*sides,)
    assert read_lock(marked).found == {*found}


def test_lists_hold_what_both_branches_put_at_one_place() -> None:
    ours, base, theirs = (lock_of(features) for features in (("graphql",), (), ("auth",)))
    marked = b"<<<<<<< x\n%b||||||| y\n%b=======\n%b>>>>>>> z\n" % (ours, base, theirs)
    both = {"router.include_router(auth)", "router.include_router(graphql)"}
    assert both <= set(
        text(read_lock(marked, ["app/routes.py"]).tree, "app/routes.py").splitlines()
    )
    assert not both <= set(text(read_lock(marked).tree, "app/routes.py").splitlines())


def test_a_lock_without_marks_is_read_as_it_is() -> None:
    data = lock_of(("auth",))
    assert read_lock(data) == locks.loads(data)


def test_answers_that_clash_are_named_with_a_way_out() -> None:
    ours, theirs = (lock_of((), kind=kind) for kind in ("row", "schema"))
    marked = b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> other\n"
    with pytest.raises(ClashingAnswers, match="kind") as caught:
        read_lock(marked)
    assert "git checkout --ours" in caught.value.hint
