"""Files of the user's own that are as forge makes them: what adds them finds them there."""

import subprocess
from pathlib import Path

from tests.lifecycle.lived import append, delete, move, put, tree
from tests.lifecycle.test_situations import committed, git
from tests.support.terminal import Forge, assemble_toy

PACKAGE = "app/nginx/__init__.py"
TEXT = '"""nginx."""\n'
FEATURE = ("nginx",)


def with_own_package(forge: Forge) -> Path:
    project = forge.new()
    put(PACKAGE, TEXT)(project)
    put("app/nginx/custom.py", "MINE = 1\n")(project)
    return project


def branched(project: Path, name: str, forge: Forge, *features: str) -> None:
    git(project, "checkout", "-qb", name, "start")
    forge("add", *features, cwd=project)
    git(project, "add", "-A")
    git(project, "commit", "-qm", name)


def test_an_empty_package_of_the_users_own_outlives_the_feature(real: Forge) -> None:
    project = real.new()
    put("app/metrics/__init__.py", "")(project)
    put("app/metrics/custom.py", "MINE = 1\n")(project)
    before, lock = tree(project), (project / "forge.lock").read_bytes()
    real("add", "metrics", cwd=project)
    data = real("status", "--json", cwd=project).data
    assert data["edited"] == data["deleted"] == []
    added = tree(project), (project / "forge.lock").read_bytes()
    for again in (("add", "metrics"), ("update",)):
        assert "nothing to do" in real(*again, cwd=project).out
    real("add", "gunicorn", cwd=project)
    real("remove", "gunicorn", cwd=project)
    assert (tree(project), (project / "forge.lock").read_bytes()) == added
    result = real("remove", "metrics", cwd=project)
    assert "`app/metrics/__init__.py` stays: you had it before" in result.err
    assert (tree(project), (project / "forge.lock").read_bytes()) == (before, lock)
    real("undo", cwd=project)
    assert (tree(project), (project / "forge.lock").read_bytes()) == added
    real("remove", "metrics", cwd=project)
    assert (tree(project), (project / "forge.lock").read_bytes()) == (before, lock)


def test_it_may_be_edited_and_still_stays(forge: Forge) -> None:
    project = with_own_package(forge)
    forge("add", *FEATURE, cwd=project)
    append(PACKAGE, "MINE = 2\n")(project)
    assert forge("status", "--json", cwd=project).data["edited"] == [PACKAGE]
    forge("remove", *FEATURE, cwd=project)
    assert (project / PACKAGE).read_text() == f"{TEXT}MINE = 2\n"
    assert not (project / "app" / "nginx" / "router.py").exists()


def test_it_can_be_restored_once_deleted(forge: Forge) -> None:
    project = with_own_package(forge)
    forge("add", *FEATURE, cwd=project)
    delete(PACKAGE)(project)
    assert forge("status", "--json", cwd=project).data["deleted"] == [PACKAGE]
    forge("restore", PACKAGE, cwd=project)
    assert (project / PACKAGE).read_text() == TEXT
    delete(PACKAGE)(project)
    assert "stays" not in forge("remove", *FEATURE, cwd=project).err
    assert not (project / PACKAGE).exists()


def test_it_follows_the_template_while_the_feature_is_there(forge: Forge, tmp_path: Path) -> None:
    forge.templates = assemble_toy(tmp_path / "newer")
    project = with_own_package(forge)
    forge("add", *FEATURE, cwd=project)
    (made,) = forge.templates.glob(f"project/{{{{nginx}}}}/{PACKAGE}")
    made.write_text('"""nginx, in front."""\n')
    forge("update", cwd=project)
    assert (project / PACKAGE).read_text() == '"""nginx, in front."""\n'
    forge("remove", *FEATURE, cwd=project)
    assert (project / PACKAGE).exists()


def test_it_is_not_taken_for_a_generated_file_that_was_moved(forge: Forge) -> None:
    project = forge.new("--with-nginx")
    put("app/nginx/mine.py", (project / "app/nginx/router.py").read_text())(project)
    forge("remove", "nginx", cwd=project)
    move("app/nginx/mine.py", "app/nginx/router.py")(project)
    before = tree(project)
    forge("add", "nginx", "ci", cwd=project)
    delete("app/ci/router.py")(project)
    forge("remove", "nginx", "ci", cwd=project)
    assert tree(project) == before


def test_own_code_may_go_on_importing_it(forge: Forge) -> None:
    project = with_own_package(forge)
    put("app/billing.py", "from app import nginx\nfrom app.nginx import custom\n")(project)
    forge("add", *FEATURE, cwd=project)
    forge("remove", *FEATURE, cwd=project)
    forge("check", cwd=project)


def test_a_file_that_forge_wrote_is_no_own_one_after_version_control_took_the_run_back(
    forge: Forge,
) -> None:
    project = committed(forge)
    before = tree(project)
    forge("add", *FEATURE, cwd=project)
    git(project, "checkout", "-q", ".")
    assert (project / PACKAGE).exists()
    forge("add", *FEATURE, cwd=project)
    assert "stays" not in forge("remove", *FEATURE, cwd=project).err
    assert tree(project) == before


def test_two_branches_that_each_added_the_feature_have_it_once(forge: Forge) -> None:
    project = committed(forge)
    before = tree(project)
    git(project, "branch", "start")
    branched(project, "one", forge, "nginx", "ci")
    branched(project, "other", forge, "nginx", "versioning")
    subprocess.run(["git", "merge", "-q", "one"], cwd=project, capture_output=True, check=False)
    forge("update", cwd=project)
    forge("remove", "nginx", "ci", "versioning", cwd=project)
    assert tree(project) == before


def test_what_one_of_two_branches_had_before_stays(forge: Forge) -> None:
    project = committed(forge)
    git(project, "branch", "start")
    branched(project, "one", forge, "nginx", "ci")
    git(project, "checkout", "-q", "start")
    git(project, "checkout", "-qb", "mine")
    put(PACKAGE, TEXT)(project)
    before = tree(project)
    forge("add", "nginx", "versioning", cwd=project)
    git(project, "add", "-A")
    git(project, "commit", "-qm", "mine")
    subprocess.run(["git", "merge", "-q", "one"], cwd=project, capture_output=True, check=False)
    forge("update", cwd=project)
    forge("remove", "nginx", "ci", "versioning", cwd=project)
    assert tree(project) == before


def test_of_two_branches_one_of_which_was_taken_back_nothing_is_left(forge: Forge) -> None:
    """As the hint says where both changed one answer: one side's lock, then the other's feature."""
    project = committed(forge)
    before = tree(project)
    git(project, "branch", "start")
    branched(project, "one", forge, "nginx")
    branched(project, "other", forge, "versioning")
    subprocess.run(["git", "merge", "-q", "one"], cwd=project, capture_output=True, check=False)
    for path in git(project, "diff", "--name-only", "--diff-filter=U").splitlines():
        git(project, "checkout", "--ours", path)
    forge("update", cwd=project)
    forge("add", "nginx", cwd=project)
    forge("remove", "nginx", "versioning", cwd=project)
    assert tree(project) == before
