"""Where projects lie and what state they are in when a verb runs."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fastapi_forge.cli import running
from fastapi_forge.template.render import Rendered, render
from tests.lifecycle.lived import move, rename_module, replace, tree
from tests.support.terminal import Forge, everything

KILLS = int(os.environ.get("FORGE_TEST_KILLS", "40"))


def git(directory: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=x", "-c", "user.email=x@x")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True
    )
    return done.stdout


def committed(forge: Forge) -> Path:
    """A project in a repository of its own, all of it committed."""
    forge("new", "myapi", "-y")
    return forge.here / "myapi"


def in_a_subdirectory(forge: Forge) -> Path:
    git(forge.here, "init", "-q")
    project = forge.new(where=forge.here)
    git(forge.here, "add", "-A")
    git(forge.here, "commit", "-qm", "all")
    return project


def in_a_worktree(forge: Forge) -> Path:
    git(committed(forge), "worktree", "add", "-q", str(forge.root / "tree"))
    return forge.root / "tree"


def in_a_shallow_clone(forge: Forge) -> Path:
    place = forge.root / "else where é"
    git(forge.root, "clone", "-q", "--depth=1", f"file://{committed(forge)}", str(place))
    return place


def in_no_repository(forge: Forge) -> Path:
    return forge.new()


@pytest.mark.parametrize(
    "made",
    [committed, in_a_subdirectory, in_a_worktree, in_a_shallow_clone, in_no_repository],
    ids=lambda made: made.__name__,
)
def test_a_verb_works_wherever_the_project_lies(
    forge: Forge, made: Callable[[Forge], Path]
) -> None:
    project = made(forge)
    before = tree(project)
    forge("add", "graphql", "auth", cwd=project)
    assert forge("status", "--json", cwd=project / "app").data["features"][:1] == ["auth"]
    forge("undo", cwd=project)
    assert tree(project) == before


def test_only_what_forge_may_touch_is_touched_in_a_dirty_tree(forge: Forge) -> None:
    project = committed(forge)
    readme = project / "README.md"
    readme.write_text("Mine, not committed\n" + readme.read_text())
    (project / "notes.txt").write_text("untracked\n")
    index = git(project, "ls-files", "--stage")
    forge("add", "graphql", cwd=project)
    assert git(project, "ls-files", "--stage") == index
    assert readme.read_text().startswith("Mine, not committed\n")
    assert (project / "notes.txt").read_text() == "untracked\n"


def test_a_file_of_the_users_where_a_feature_brings_one(forge: Forge, project: Path) -> None:
    mine = project / "app" / "graphql" / "router.py"
    mine.parent.mkdir()
    mine.write_text("MINE = True\n")
    before = everything(project)
    data = forge("add", "graphql", "--json", cwd=project, code=3).data
    assert everything(project) == before
    (conflict,) = data["conflicts"]
    assert (conflict["path"], conflict["yours"]) == ("app/graphql/router.py", "MINE = True\n")
    assert "GraphQL" in conflict["target"]


def test_conflicts_written_inline_are_found_until_they_are_settled(
    forge: Forge, project: Path
) -> None:
    mine = project / "app" / "graphql" / "router.py"
    mine.parent.mkdir()
    mine.write_text("MINE = True\n")
    data = forge("add", "graphql", "--conflicts=inline", "--json", cwd=project, code=3).data
    marked = [path for path, text in everything(project).items() if text and b"<<<<<<< " in text]
    left = [p for p in marked if not p.startswith(".forge")]
    assert left == [conflict["path"] for conflict in data["conflicts"]]
    status = forge("status", "--json", cwd=project).data
    assert status["conflicts_left"] == [{"path": "app/graphql/router.py", "line": 1}]
    for verb in (("update",), ("add", "ci"), ("remove", "example", "--dry-run")):
        before = everything(project)
        result = forge(*verb, cwd=project, code=3)
        assert "still to be settled in `app/graphql/router.py:1`" in result.err
        assert everything(project) == before
    mine.write_text("MINE = True\nrouter = 1\n")
    assert "up to date" in forge("update", cwd=project).out
    assert forge("status", "--json", cwd=project).data["conflicts_left"] == []
    assert "already on" in forge("add", "graphql", cwd=project).out


def test_a_readme_of_the_users_own_is_told_once_what_it_goes_without(real: Forge) -> None:
    project = real.new()
    mine = "# shop\n\nOurs.\n\n## Licence\n\nSee [LICENSE](LICENSE).\n"
    (project / "README.md").write_text(mine)

    def said(*verb: str) -> list[str]:
        data = real(*verb, "--json", cwd=project).data
        assert (project / "README.md").read_text() == mine
        return [notice for notice in data["notices"] if "README" in notice]

    (told,) = said("add", "auth")
    assert "`README.md` stays without `## Authentication` and 17 rows (`AUTH_" in told
    assert "+## Authentication" not in real("diff", cwd=project).out
    assert "-## Authentication" in real("diff", "README.md", cwd=project).out
    (told,) = said("add", "metrics")
    assert "Authentication" not in told
    assert said("update") == []
    assert said("remove", "auth", "metrics") == []


def test_marks_that_git_left_in_a_file_of_the_users_are_noticed(forge: Forge) -> None:
    project = committed(forge)
    for branch, text in (("one", "1\n"), ("two", "2\n")):
        git(project, "checkout", "-qb", branch, "HEAD")
        (project / "notes.md").write_text(text)
        git(project, "add", "-A")
        git(project, "commit", "-qm", branch)
        git(project, "checkout", "-q", "-")
    git(project, "merge", "-q", "one")
    subprocess.run(["git", "merge", "-q", "two"], cwd=project, capture_output=True, check=False)
    if "<<<<<<<" not in (project / "notes.md").read_text():
        pytest.fail("git merged what was to conflict")
    result = forge("add", "graphql", cwd=project, code=3)
    assert "`notes.md:1`" in result.err
    assert "notes.md:1" in forge("status", cwd=project).out
    assert "conflict mark left in notes.md:1" in forge("check", cwd=project, code=1).out


def test_a_read_only_file_stays_read_only(forge: Forge, project: Path) -> None:
    routes = project / "app" / "routes.py"
    routes.chmod(0o444)
    forge("add", "graphql", cwd=project)
    assert "graphql" in routes.read_text()
    assert routes.stat().st_mode & 0o777 == 0o444


def test_files_behind_links_and_moved_ones_are_shown(forge: Forge, project: Path) -> None:
    main, readme = project / "app" / "main.py", project / "README.md"
    shutil.move(main, project / "app" / "server.py")
    shutil.move(readme, project.parent / "elsewhere.md")
    readme.symlink_to(project.parent / "elsewhere.md")
    data = forge("status", "--json", cwd=project).data
    assert data["moved"] == [{"from": "app/main.py", "to": "app/server.py"}]
    assert data["edited"] == ["README.md"]
    shown = forge("diff", cwd=project).out
    assert "rename from app/main.py\nrename to app/server.py" in shown
    assert "`README.md` is a symbolic link" in shown
    result = forge("add", "graphql", cwd=project, code=3)
    assert "`README.md` is a symbolic link" in result.out


def test_a_package_that_was_moved_is_followed_but_not_added_to(forge: Forge, project: Path) -> None:
    shutil.move(project / "app", project / "svc")
    before = everything(project)
    result = forge("add", "graphql", cwd=project, code=3)
    assert "moved to `svc/`" in result.out
    assert everything(project) == before
    forge("add", "graphql", "--conflicts=inline", cwd=project, code=3)
    assert "graphql" in (project / "svc" / "routes.py").read_text()


def test_a_compose_file_by_another_name_is_followed(real: Forge) -> None:
    project = real.new("--with-docker")
    move("compose.yaml", "docker-compose.yml")(project)
    replace("docker-compose.yml", "services:\n", "services:\n  mine:\n    image: mine\n\n")(project)
    result = real("add", "redis", cwd=project)
    assert "merge     docker-compose.yml" in result.out
    assert "stays deleted" not in result.err
    text = (project / "docker-compose.yml").read_text()
    assert "\n  mine:\n" in text
    assert "\n  redis:\n" in text
    assert not (project / "compose.yaml").exists()


def test_next_steps_name_a_file_where_it_was_moved_to(real: Forge) -> None:
    project = real.new()
    rename_module("app/api.py", "app/endpoints.py")(project)
    steps = real("add", "versioning", cwd=project).steps
    assert "tell your clients that what app/endpoints.py includes is served below /v2" in steps[0]
    assert "app/api.py" not in " ".join(steps)


def deleted(lock: Path) -> None:
    lock.unlink()


def truncated(lock: Path) -> None:
    lock.write_bytes(lock.read_bytes()[:2000])


def newer(lock: Path) -> None:
    first, rest = lock.read_text().split("\n", 1)
    lock.write_text(json.dumps({**json.loads(first), "forge_lock": 99}) + "\n" + rest)


def test_what_was_moved_and_not_edited_goes_with_its_feature(real: Forge) -> None:
    project = real.new("--with-ci")
    rename_module("tests", "checks")(project)
    move(".github/workflows/ci.yml", ".github/workflows/checks.yml")(project)
    real("remove", "example", "ci", cwd=project)
    assert not (project / ".github" / "workflows" / "checks.yml").exists()
    assert [path.name for path in (project / "checks" / "items").glob("*.py")] == ["__init__.py"]
    assert (project / "checks" / "test_app.py").exists()


@pytest.mark.parametrize(
    ("spoil", "message", "hint"),
    [
        (deleted, "has no `forge.lock`", "git checkout -- forge.lock"),
        (truncated, "`forge.lock` is damaged", "git checkout -- forge.lock"),
        (newer, "`forge.lock` has format 99", "uv tool upgrade forge-fastapi"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_lock_that_cannot_be_used_is_said_with_what_to_do(
    forge: Forge, project: Path, spoil: Callable[[Path], None], message: str, hint: str
) -> None:
    spoil(project / "forge.lock")
    before = everything(project)
    for verb in (("add", "graphql"), ("update",), ("status",)):
        result = forge(*verb, cwd=project, code=None)
        assert result.code in (1, 2)
        assert message in result.err
        assert hint in result.err
    assert everything(project) == before


def test_locks_of_two_branches_become_one_project(forge: Forge) -> None:
    project = committed(forge)
    start = git(project, "branch", "--show-current").strip()
    for feature in ("graphql", "versioning"):
        git(project, "checkout", "-qb", feature, start)
        forge("add", feature, cwd=project)
        git(project, "add", "-A")
        git(project, "commit", "-qm", feature)
    subprocess.run(["git", "merge", "-q", "graphql"], cwd=project, capture_output=True, check=False)
    assert "<<<<<<<" in (project / "forge.lock").read_text()
    assert "two branches met in forge.lock: forge update" in forge("check", cwd=project, code=1).out
    assert "Two branches    met in forge.lock: forge update" in forge("status", cwd=project).out
    assert forge("status", "--json", cwd=project).data["branches_met"] is True
    forge("update", cwd=project)
    assert "Two branches" not in forge("status", cwd=project).out
    unmerged = git(project, "diff", "--name-only", "--diff-filter=U").splitlines()
    assert len(unmerged) > 1
    assert not any(b"<<<<<<<" in (project / path).read_bytes() for path in unmerged)
    features = forge("status", "--json", cwd=project).data["features"]
    assert {"graphql=strawberry", "versioning=path"} <= set(features)
    assert b"<<<<<<<" not in (project / "forge.lock").read_bytes()


def test_undo_takes_a_formatters_work_back_with_the_rest(real: Forge) -> None:
    project = real.new()
    with (project / "pyproject.toml").open("a") as own:
        own.write("\n[tool.ruff]\nline-length = 60\n")
    format_ = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "-q",
        "--isolated",
        "--no-cache",
        "--line-length=60",
        "app",
    ]
    subprocess.run(format_, cwd=project, check=True)
    before = tree(project)
    real("add", "auth", cwd=project)
    subprocess.run(format_, cwd=project, check=True)
    mine = project / "app" / "auth" / "router.py"
    generated = mine.read_bytes()
    mine.write_bytes(generated + b"MINE = 1\n")
    assert "app/auth/router.py" in real("undo", cwd=project, code=3).err
    mine.write_bytes(generated)
    real("undo", cwd=project)
    assert tree(project) == before


def test_a_workflow_that_github_will_not_read_is_said(real: Forge) -> None:
    step = "move .github/ to the repository's root, its jobs with working-directory: services/"
    git(real.here, "init", "-q")
    (real.here / "services").mkdir()
    steps = real("-C", "services", "new", "shop", "-y", "--with-ci").steps
    assert f"{step}shop" in steps
    real("-C", "services", "new", "bills", "-y")
    bills = real.here / "services" / "bills"
    assert not any(x.startswith("move .github/") for x in real("add", "metrics", cwd=bills).steps)
    assert f"{step}bills" in real("add", "ci", cwd=bills).steps
    own = real.fresh("own")
    real("new", "own", "-y", cwd=own)
    assert not any(x.startswith("move .github/") for x in real("add", "ci", cwd=own / "own").steps)


def test_a_lock_that_git_merged_by_itself_takes_no_feature_away(real: Forge) -> None:
    project = committed(real)
    start = git(project, "branch", "--show-current").strip()
    for feature in ("ci", "docker"):
        git(project, "checkout", "-qb", feature, start)
        real("add", feature, cwd=project)
        git(project, "add", "-A")
        git(project, "commit", "-qm", feature)
    git(project, "merge", "-q", "-X", "ours", "ci")
    before = everything(project)
    for verb in (("check",), ("status",), ("update",), ("add", "metrics")):
        result = real(*verb, cwd=project, code=1)
        assert "`forge.lock` lists files of `with_ci`, which its answers lack" in result.err
    assert everything(project) == before
    lock = project / "forge.lock"
    lock.write_text(lock.read_text().replace('"with_ci": false', '"with_ci": true', 1))
    real("update", cwd=project)
    real("check", cwd=project)
    assert (project / ".github/workflows/ci.yml").exists()
    assert {"ci", "docker"} <= set(real("status", "--json", cwd=project).data["features"])


def test_two_branches_that_meet_become_what_new_makes_of_both(real: Forge) -> None:
    project = committed(real)
    start = git(project, "branch", "--show-current").strip()
    for feature in ("auth", "graphql"):
        git(project, "checkout", "-qb", feature, start)
        real("add", feature, cwd=project)
        git(project, "add", "-A")
        git(project, "commit", "-qm", feature)
    subprocess.run(["git", "merge", "-q", "auth"], cwd=project, capture_output=True, check=False)
    assert "|||||||" not in (project / "forge.lock").read_text()
    both = real.new("--with-auth", "--with-graphql", where=real.fresh("both"))
    for path in git(project, "diff", "--name-only", "--diff-filter=U").splitlines():
        if path != "forge.lock":
            shutil.copy(both / path, project / path)
    real("update", cwd=project)
    history = ("migrations/versions/",)
    assert tree(project, (*history, "README.md")) == tree(both, (*history, "README.md"))
    assert (project / "forge.lock").read_bytes() == (both / "forge.lock").read_bytes()


def test_branches_that_each_brought_tables_are_told_what_their_migrations_lack(
    real: Forge,
) -> None:
    """What nobody edited, forge settles itself, whatever git made of it."""
    project = committed(real)
    start = git(project, "branch", "--show-current").strip()
    for feature in ("auth", "tenancy"):
        git(project, "checkout", "-qb", feature, start)
        real("add", feature, cwd=project)
        git(project, "add", "-A")
        git(project, "commit", "-qm", feature)
    subprocess.run(["git", "merge", "-q", "auth"], cwd=project, capture_output=True, check=False)
    mine = "app/startup.py"
    assert "<<<<<<< " in (project / mine).read_text()
    (project / mine).write_text("# Mine.\n" + (project / mine).read_text())
    left = {mark["path"] for mark in real("status", "--json", cwd=project).data["conflicts_left"]}
    assert left == {mine}
    assert f"`{mine}:" in real("update", cwd=project, code=3).err
    git(project, "checkout", "--ours", mine)
    result = real("update", cwd=project)
    assert [step.partition("alembic ")[2] for step in result.steps] == [
        'merge -m "merge heads" heads',
        "upgrade head",
        'revision --autogenerate -m "update"',
    ]
    tables = "login_failures, refresh_families, refresh_tokens, user_roles, users"
    assert f"tenancy is not yet in {tables} (each row belongs to a tenant)" in result.err
    both = real.new("--with-auth", "--with-tenancy", where=real.fresh("both"))
    assert tree(project / "app") == tree(both / "app")


def test_the_record_for_people_may_be_edited_or_deleted(forge: Forge, project: Path) -> None:
    record = project / ".copier-answers.yml"
    written = record.read_text()
    record.write_text("with_graphql: true\n# mine\n")
    forge("add", "ci", cwd=project)
    assert "graphql" not in forge("status", "--json", cwd=project).data["features"]
    assert record.read_text() == written.replace("with_ci: false", "with_ci: true")
    record.unlink()
    forge("add", "nginx", cwd=project)
    assert not record.exists()


def test_two_runs_at_once_leave_what_one_after_the_other_would(forge: Forge, project: Path) -> None:
    runs = [
        subprocess.Popen(
            forge.command("add", feature),
            cwd=project,
            env=forge.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for feature in ("graphql", "ci")
    ]
    told = [run.communicate(timeout=60)[1] for run in runs]
    done = [f for f, run in zip(("graphql", "ci"), runs, strict=True) if run.returncode == 0]
    refused = [err for err, run in zip(told, runs, strict=True) if run.returncode]
    assert done
    for err in refused:
        assert "another run" in err or "while forge was at work" in err
    assert set(forge("status", "--json", cwd=project).data["features"]) >= {
        {"graphql": "graphql=strawberry"}.get(name, name) for name in done
    }
    assert forge("check", cwd=project).code == 0


def test_a_run_that_another_one_overtook_changes_nothing(
    forge: Forge, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its base is no longer what forge generated last: merging would make forge's lines yours."""
    other = forge.new("--with-ci", where=forge.fresh("other"))

    def overtaken(*arguments: Any) -> Rendered:
        shutil.copy(other / "forge.lock", project / "forge.lock")
        return render(*arguments)

    monkeypatch.setattr(running, "render", overtaken)
    before = tree(project)
    result = forge("add", "graphql", cwd=project, code=1)
    assert "`forge.lock` changed while forge was at work; nothing was changed" in result.err
    assert tree(project) == before


def test_kill_9_at_random_moments_of_a_verb(real: Forge) -> None:
    """All of the tree is as before, or as it was to be, after the next command."""
    project = real.new()
    (project / "README.md").write_text("Mine\n" + (project / "README.md").read_text())
    before = tree(project)
    real("add", "graphql", "ci", cwd=project)
    after = tree(project)
    real("undo", cwd=project)
    lock_before = (project / "forge.lock").read_bytes()
    moment, outcomes = random.Random(9), {"old": 0, "new": 0}
    began = time.monotonic()
    os.waitpid(_start(real, project), 0)
    end = time.monotonic() - began
    real("undo", cwd=project)
    for _ in range(KILLS):
        run = _start(real, project)
        time.sleep(moment.uniform(0, end))
        os.kill(run, signal.SIGKILL)
        os.waitpid(run, 0)
        real("status", cwd=project)
        state = tree(project)
        assert state in (before, after)
        outcomes["new" if state == after else "old"] += 1
        if state == after:
            real("undo", cwd=project)
        assert (project / "forge.lock").read_bytes() == lock_before
        assert tree(project) == before
    print(f"kill -9: {KILLS} runs, {outcomes}")


def _start(forge: Forge, project: Path) -> int:
    """A process of its own, forked, that has its rendering ready: it merges and writes."""
    child = os.fork()
    if child == 0:
        try:
            forge("add", "graphql", "ci", cwd=project)
        finally:
            os._exit(0)
    return child
