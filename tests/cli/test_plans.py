"""Lines 10 to 15, 23 and 24 of the contract: plans, steps, undo, git, and what is said."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.terminal import Forge, Result, assert_snapshot, everything

WORDS = ("create", "change", "merge", "delete", "keep", "conflict")


def planned(result: Result) -> dict[str, str]:
    """Path → word, as printed."""
    pattern = rf"^({'|'.join(WORDS)}) +(\S+)$"
    return {path: word for word, path in re.findall(pattern, result.out, re.MULTILINE)}


def git(directory: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=directory, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_10_the_steps_lead_from_an_empty_terminal_to_the_service(forge: Forge) -> None:
    fake = forge.fresh("fake")
    (fake / "uv").write_text("#!/bin/sh\n")
    (fake / "uv").chmod(0o755)
    path = f"{fake}:{os.environ['PATH']}"
    result = forge("new", "myapi", "-y", "--no-git", "--with-auth", env={"PATH": path})
    assert result.steps == [
        "cd myapi",
        "uv run alembic upgrade head",
        "set SECRET_KEY in .env to a value of your own before you deploy",
        "uv run fastapi dev",
    ]


def test_10_without_uv_they_use_pip(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", "--no-git", env={"PATH": str(forge.fresh("empty"))})
    assert result.steps == [
        "cd myapi",
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        "pip install --group dev .",
        "fastapi dev",
    ]


def test_10_a_change_says_what_those_who_are_served_will_notice(
    forge: Forge, project: Path
) -> None:
    told = "tell your clients that the paths begin with /v2"
    assert told not in forge("new", "other", "-y", "--with-versioning").steps
    steps = forge("add", "versioning", cwd=project).steps
    assert steps[-2] == told
    assert re.fullmatch(r"(uv run )?python -m app\.versioning snapshot", steps[-1])


def test_10_a_change_of_kind_and_a_removal_say_it_too(forge: Forge, project: Path) -> None:
    forge("add", "versioning", cwd=project)
    told, snapshot = forge("add", "versioning=header", cwd=project).steps
    assert told == "tell your clients that a header names the version"
    assert snapshot.endswith("python -m app.versioning snapshot")
    assert forge("add", "versioning=path", cwd=project).steps == [snapshot]
    forge("undo", cwd=project)
    steps = forge("remove", "versioning", cwd=project).steps
    assert steps == ["tell your clients that the header goes"]
    forge("undo", cwd=project)
    assert forge("add", "ci", cwd=project).steps == []


def test_10_another_answer_says_what_to_do_before_the_database_is_migrated(
    forge: Forge, project: Path
) -> None:
    change = ("update", "--database", "postgres")
    name, migrate, move = forge(*change, cwd=project).steps
    assert (name, move) == ("name the PostgreSQL database", "move the rows")
    assert migrate.endswith("alembic upgrade head")
    assert forge("update", "--database", "sqlite", cwd=project).steps == []
    forge("add", "nginx", cwd=project)
    assert forge(*change, cwd=project).steps == [name, migrate, move, "tell the proxy"]


def test_10_an_answer_that_wants_a_setting_says_so_at_once(forge: Forge) -> None:
    flags, told = ("new", "myapi", "-y", "--database", "postgres"), "name the PostgreSQL database"
    assert told not in forge("new", "other", "-y").steps
    data = forge(*flags, "--dry-run", "--json").data
    dry = forge(*flags, "--dry-run").steps
    steps = forge(*flags).steps
    assert steps[-2] == told
    assert dry == data["next_steps"] == steps


def test_10_what_is_told_to_users_of_a_feature_needs_that_it_was_there(
    forge: Forge, project: Path
) -> None:
    told = "tell your users that they have to sign in again"
    assert told not in forge("add", "redis", cwd=project).steps
    forge("undo", cwd=project)
    forge("add", "auth", cwd=project)
    assert told in forge("add", "redis", cwd=project).steps


def test_10_a_directory_is_quoted_where_needed(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", "--no-git", "--output-dir", "my $own dir")
    assert result.steps[0] == "cd 'my $own dir/myapi'"


def test_10_steps_begin_where_forge_was_called(forge: Forge) -> None:
    (forge.here / "services").mkdir()
    assert forge("-C", "services", "new", "myapi", "-y").steps[0] == "cd services/myapi"
    project = forge.here / "services" / "myapi"
    assert forge("-C", "services/myapi/app", "add", "graphql").steps[0] == "cd services/myapi"
    assert forge("remove", "graphql", cwd=project / "app").steps[0] == "cd .."
    assert forge("add", "graphql", cwd=project).steps[0] == "uv lock"
    assert forge("update", cwd=project / "app").steps == []


def test_10_there_is_no_step_into_the_directory_one_is_in(forge: Forge) -> None:
    here = forge.fresh("herapi")
    assert not any(step.startswith("cd ") for step in forge("new", ".", "-y", cwd=here).steps)


@pytest.mark.parametrize(
    "own", ["[tool.ruff]\nline-length = 120\n", '[tool.ruff.format]\nquote-style = "single"\n']
)
def test_10_new_code_is_brought_into_the_projects_own_style(
    forge: Forge, project: Path, own: str
) -> None:
    style = r"(uv run )?ruff check --select I --fix && (uv run )?ruff format\b.*"
    steps = forge("add", "graphql", "--dry-run", cwd=project).steps
    assert not any(re.fullmatch(style, step) for step in steps)
    pyproject = project / "pyproject.toml"
    pyproject.write_text(f"{pyproject.read_text()}\n{own}")
    steps = forge("add", "graphql", cwd=project).steps
    assert any(re.fullmatch(style, step) for step in steps)


def test_10_a_change_says_lock_and_migration(forge: Forge, project: Path) -> None:
    steps = forge("add", "auth", cwd=project).steps
    assert steps[0] in ("uv lock", "pip install --group dev .")
    assert steps[1].endswith("alembic upgrade head")
    assert steps[2].startswith("set SECRET_KEY in .env")
    assert forge("add", "ci", cwd=project).steps == []


@pytest.mark.parametrize(
    ("first", "arguments"),
    [
        ((), ("add", "graphql", "versioning=header")),
        ((), ("add", "redis")),
        (("--with-graphql", "--with-nginx"), ("remove", "graphql", "example")),
        ((), ("update", "--license", "Proprietary")),
        ((), ("update", "--database", "postgres")),
    ],
    ids=str,
)
def test_11_what_the_plan_says_is_what_happens(
    forge: Forge, first: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    project = forge.new(*first)
    before = everything(project)
    dry = forge(*arguments, "--dry-run", cwd=project)
    data = forge(*arguments, "--dry-run", "--json", cwd=project).data
    assert everything(project) == before
    assert planned(dry) == {change["path"]: change["action"] for change in data["plan"]}
    done = forge(*arguments, "--json", cwd=project).data
    assert (data["plan"], data["digest"]) == (done["plan"], done["digest"])
    after = everything(project)
    real = {
        path: "create" if path not in before else "delete" if path not in after else "change"
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path) and (after.get(path) or before.get(path))
    }
    said = {path: word.replace("merge", "change") for path, word in planned(dry).items()}
    aside = [path for path in real if path == ".env" or path.startswith(".forge/")]
    assert said == {path: word for path, word in real.items() if path not in aside}


@pytest.mark.parametrize(
    "arguments",
    [("add", "auth", "versioning"), ("remove", "example")],
    ids=str,
)
def test_11_a_dry_run_tells_the_notices_and_steps_of_the_run(
    forge: Forge, project: Path, arguments: tuple[str, ...]
) -> None:
    dry = forge(*arguments, "--dry-run", cwd=project)
    data = forge(*arguments, "--dry-run", "--json", cwd=project).data
    assert "Next steps, once it is written:" in dry.err
    done = forge(*arguments, "--json", cwd=project).data
    assert dry.steps == data["next_steps"] == done["next_steps"] != []
    assert data["notices"] == done["notices"]
    assert all(notice in dry.err.splitlines() for notice in data["notices"])


@pytest.mark.parametrize("flags", [("--dry-run",), ("--diff",), ()], ids=str)
def test_11_notices_stand_after_the_files_right_before_the_total(
    forge: Forge, project: Path, flags: tuple[str, ...]
) -> None:
    command = ("remove", "example", *flags)
    [notice] = forge(*command, "--dry-run", "--json", cwd=project).data["notices"]
    both = subprocess.run(
        forge.command(*command),
        cwd=project,
        env=forge.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    ).stdout
    files, _, rest = both.partition(f"{notice}\n")
    assert "delete    app/example/router.py" in files
    assert re.match(r"\d+ files: |Removed example from myapi \(", rest)


def test_11_notices_are_said_where_nobody_reads_the_files(forge: Forge, project: Path) -> None:
    [notice] = forge("remove", "example", "--dry-run", "--json", cwd=project).data["notices"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            forge.command("remove", "example", "--dry-run"),
            cwd=project,
            env=forge.environment(),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert notice in done.stderr.splitlines()


def test_11_a_plan_that_comes_to_nothing_has_no_next_steps(forge: Forge, project: Path) -> None:
    assert forge("update", "--dry-run", cwd=project).steps == []
    (project / "app" / "graphql").mkdir()
    (project / "app" / "graphql" / "router.py").write_text("MINE = True\n")
    assert forge("add", "graphql", "--dry-run", cwd=project, code=3).steps == []
    flags = ("--dry-run", "--conflicts=inline")
    assert forge("add", "graphql", *flags, cwd=project, code=3).steps != []


def test_11_a_dry_run_of_new_writes_nothing_and_tells_the_truth(forge: Forge) -> None:
    flags = ("new", "myapi", "-y", "--no-git", "--with-graphql")
    dry = forge(*flags, "--dry-run")
    digest = forge(*flags, "--dry-run", "--json").data["digest"]
    assert everything(forge.here) == {}
    assert forge(*flags, "--json").data["digest"] == digest
    written = {p for p, content in everything(forge.here / "myapi").items() if content is not None}
    assert written - {".env"} == planned(dry).keys()
    assert "forge.lock" in planned(dry)


def test_11_the_plan_is_aligned_its_total_last(forge: Forge, project: Path) -> None:
    (project / "app" / "graphql").mkdir()
    (project / "app" / "graphql" / "router.py").write_text("MINE = True\n")
    result = forge("add", "graphql", "--dry-run", cwd=project, code=3)
    rows = [line for line in result.out.splitlines() if re.match(r"(\w+) +\S+$", line)]
    assert {line.index(line.split()[1]) for line in rows if line.split()[0] in WORDS} == {10}
    assert re.search(r"\n\d+ files: .*1 conflict\n$", result.out)


def test_11_hunks_can_be_applied_by_git(forge: Forge, project: Path) -> None:
    result = forge("add", "graphql", "--dry-run", "--diff", cwd=project)
    copy = forge.root / "copy"
    shutil.copytree(project, copy)
    diff = "\n".join(result.out.split("\n\n", 1)[1].split("\n")[:-2]) + "\n"
    hunks = re.sub(r"^Binary files .*\n", "", diff, flags=re.MULTILINE)
    subprocess.run(
        ["git", "apply", "-"], cwd=copy, input=hunks, text=True, check=True, capture_output=True
    )
    forge("add", "graphql", cwd=project)
    aside = ("forge.lock", ".forge")
    assert {p: c for p, c in everything(copy).items() if not p.startswith(aside)} == {
        p: c for p, c in everything(project).items() if not p.startswith(aside)
    }


def test_11_diff_without_dry_run_shows_what_was_done(forge: Forge, project: Path) -> None:
    assert "+from app.graphql import" in forge("add", "graphql", "--diff", cwd=project).out
    assert "diff" in forge("remove", "graphql", "--diff", "--json", cwd=project).data


@pytest.mark.parametrize("arguments", [("add", "graphql"), ("update", "--license", "Proprietary")])
def test_12_check_exits_1_while_there_is_something_to_do(
    forge: Forge, project: Path, arguments: tuple[str, ...]
) -> None:
    before = everything(project)
    assert planned(forge(*arguments, "--check", cwd=project, code=1))
    assert everything(project) == before
    document = forge(*arguments, "--check", "--json", cwd=project, code=1).document
    assert document["status"] == "ok"
    assert document["data"]["plan"]
    forge(*arguments, cwd=project)
    forge(*arguments, "--check", cwd=project)
    forge("update", "--check", cwd=project)


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "graphql"),
        ("add", "redis"),
        ("remove", "example"),
        ("remove", "example", "--keep-data"),
        ("update", "--license", "Proprietary"),
        ("restore", "app/main.py"),
    ],
    ids=str,
)
def test_13_undo_after_any_verb_is_identity(
    forge: Forge, project: Path, arguments: tuple[str, ...]
) -> None:
    readme = project / "README.md"
    readme.write_text("MINE\n" + readme.read_text())
    (project / "app" / "main.py").unlink()
    before = everything(project)
    forge(*arguments, cwd=project)
    assert everything(project) != before
    forge("undo", cwd=project)
    after = everything(project)
    assert {p: c for p, c in after.items() if not p.startswith(".forge")} == {
        p: c for p, c in before.items() if not p.startswith(".forge")
    }
    assert "nothing to undo" in forge("undo", cwd=project, code=1).err


def test_13_undo_of_new_is_refused(forge: Forge, project: Path) -> None:
    before = everything(project)
    assert "`new` can't be undone" in forge("undo", cwd=project, code=2).err
    assert everything(project) == before
    (project / ".forge").rmdir()
    assert "nothing to undo" in forge("undo", cwd=project, code=1).err


def test_13_undo_says_which_revisions_go_and_how_a_database_goes_back(
    forge: Forge, project: Path
) -> None:
    versions = project / "migrations" / "versions"
    forge("add", "auth", cwd=project)
    [added] = [path for path in versions.iterdir() if path.stem != "items"]
    written = added.read_bytes()
    result = forge("undo", cwd=project)
    notice = f"the revision {added.stem} went with its file"
    assert notice in result.err.splitlines()
    [step] = result.steps
    assert step.startswith("where a database has it already: repeat what you took back")
    assert step.endswith("alembic downgrade items, then forge undo")
    forge("add", "auth", cwd=project)
    assert added.read_bytes() == written
    data = forge("undo", "--json", cwd=project).data
    assert (data["notices"], data["next_steps"]) == ([notice], [step])
    forge("add", "graphql", cwd=project)
    result = forge("undo", cwd=project)
    assert (result.err, result.steps) == ("", [])


def test_13_undo_names_all_revisions_that_go_and_one_way_back(forge: Forge, project: Path) -> None:
    forge("add", "auth", cwd=project)
    heads = forge("status", "--json", cwd=project).data["migration_heads"]
    forge("remove", "auth", "example", cwd=project)
    result = forge("undo", cwd=project)
    assert re.search(
        r"^the revisions remove_\w+ and remove_\w+ went with", result.err, re.MULTILINE
    )
    assert result.steps[0].startswith("where a database has them already: ")
    assert f"alembic downgrade {heads[0]}, then forge undo" in result.steps[0]


def test_13_undo_names_what_was_edited_since(forge: Forge, project: Path) -> None:
    forge("add", "graphql", cwd=project)
    (project / "app" / "graphql" / "router.py").write_text("MINE = True\n")
    before = everything(project)
    assert "`app/graphql/router.py`" in forge("undo", cwd=project, code=3).err
    assert everything(project) == before


def test_13_what_is_kept_for_undo_is_ignored_by_git(forge: Forge, project: Path) -> None:
    git(project, "init", "-q")
    forge("add", "graphql", cwd=project)
    assert ".forge" not in git(project, "status", "--porcelain", "--untracked-files=all")


def test_14_a_dirty_tree_is_said_in_one_line_and_left_alone(forge: Forge) -> None:
    forge("new", "myapi", "-y")
    project = forge.here / "myapi"
    assert git(project, "log", "--format=%s").splitlines() == ["Start myapi"]
    assert "uncommitted" not in forge("add", "ci", cwd=project).err
    result = forge("add", "graphql", cwd=project)
    assert result.err.count("uncommitted changes") == 1
    assert git(project, "diff", "--cached", "--name-only") == ""
    assert git(project, "log", "--format=%s").splitlines() == ["Start myapi"]
    assert git(project, "stash", "list") == ""
    assert ".env" not in git(project, "ls-files").split()


HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
CONFIGURED = {
    "signed": "[commit]\ngpgsign = true\n[gpg]\nprogram = {trap}\n",
    "hooks for all": "[core]\nhooksPath = {hooks}\n",
    "hooks from a template": "[init]\ntemplateDir = {template}\n",
    "hooks in the configuration": '[hook "trap"]\nevent = pre-commit\ncommand = {trap}\n',
}


@pytest.mark.parametrize("config", CONFIGURED.values(), ids=CONFIGURED)
def test_14_the_first_commit_is_made_without_the_users_hooks_and_key(
    forge: Forge, config: str
) -> None:
    template = forge.fresh("template")
    trap = template / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {forge.root / 'ran'}\nexit 1\n")
    trap.chmod(0o755)
    hooks = template / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).symlink_to(trap)
    text = config.format(trap=trap, hooks=hooks, template=template)
    (forge.home / ".gitconfig").write_text(text)
    result = forge("new", "myapi", "-y")
    assert "commit" not in result.err
    assert not (forge.root / "ran").exists()
    assert git(forge.here / "myapi", "log", "--format=%s").splitlines() == ["Start myapi"]


def test_14_no_git_means_none(forge: Forge, project: Path) -> None:
    assert not (project / ".git").exists()


def test_14_without_git_a_project_is_made_all_the_same(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", env={"PATH": str(forge.fresh("empty"))})
    assert "git is not installed" in result.err
    assert (forge.here / "myapi" / "forge.lock").exists()


def test_15_the_last_line_says_what_where_and_how_long(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", "--no-git", "--output-dir", "deep/er")
    project = forge.here / "deep" / "er" / "myapi"
    files = [path for path in project.rglob("*") if path.is_file()]
    assert re.fullmatch(
        rf"Created myapi in deep/er/myapi \({len(files)} files\) in \d\.\d s\n", result.out
    )
    last = forge("add", "GraphQL", cwd=project).out.splitlines()[-1]
    assert re.fullmatch(r"Added graphql to myapi \(\d files\) in \d\.\d s", last)


def test_15_quiet_is_silent_on_success_only(forge: Forge) -> None:
    result = forge("-q", "new", "myapi", "-y", "--no-git", "--with-redis")
    project = forge.here / "myapi"
    assert (result.out, result.err) == ("", "")
    for arguments in (("add", "graphql"), ("remove", "graphql"), ("undo",), ("status",)):
        result = forge(*arguments, "-q", cwd=project)
        assert (result.out, result.err) == ("", ""), arguments
    assert forge("-q", "nonsense", code=2).err.startswith("usage: ")


def test_15_verbose_names_each_file_and_the_time_of_each_phase(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", "--no-git", "-v")
    written = {p for p, content in everything(forge.here / "myapi").items() if content is not None}
    assert all(path in result.err for path in written - {".env"})
    assert re.search(r"^render: \d+\.\d\d s$", result.err, re.MULTILINE)
    assert re.search(r"^write: \d+\.\d\d s$", result.err, re.MULTILINE)


def test_23_what_is_on_already_is_nothing_to_do(forge: Forge, project: Path) -> None:
    forge("add", "graphql", cwd=project)
    before = everything(project)
    assert forge("add", "graphql", cwd=project).out == "graphql is already on; nothing to do\n"
    result = forge("add", "graphql=strawberry", cwd=project)
    assert result.out == "graphql=strawberry is already on; nothing to do\n"
    assert forge("remove", "nginx", cwd=project).out == "nginx is already off; nothing to do\n"
    assert everything(project) == before


def test_23_adding_another_kind_changes_it(forge: Forge, project: Path) -> None:
    forge("add", "versioning", cwd=project)
    forge("add", "versioning=header", cwd=project)
    assert 'KIND = "header"' in (project / "app" / "versioning" / "router.py").read_text()


def test_24_what_is_pulled_in_is_named_with_its_reason(forge: Forge, project: Path) -> None:
    result = forge("add", "redis", cwd=project)
    assert "Also auth, because redis needs it: its families of tokens live there" in result.err
    assert "auth" in forge("status", "--json", cwd=project).data["features"]


def test_24_what_is_needed_does_not_go_alone(forge: Forge) -> None:
    project = forge.new("--with-redis")
    result = forge("remove", "auth", cwd=project, code=2)
    assert "redis needs it" in result.err
    assert "hint: forge remove auth redis" in result.err
    result = forge("remove", "auth", "--with-dependents", cwd=project)
    assert "Also redis" in result.err
    assert "Removed auth, redis from myapi" in result.out


def test_the_words_of_a_whole_session_stay_the_same(forge: Forge) -> None:
    masks = {str(forge.here): "[HERE]"}
    fake = forge.fresh("fake")
    (fake / "uv").write_text("#!/bin/sh\n")
    (fake / "uv").chmod(0o755)
    env = {"PATH": f"{fake}:{os.environ['PATH']}"}
    project = forge.here / "myapi"
    new = forge("new", "myapi", "-y", "--no-git", "--with-redis", env=env)
    assert_snapshot("session-1-new", new, masks)
    (project / "README.md").write_text("Mine\n" + (project / "README.md").read_text())
    for number, arguments in enumerate(
        (
            ("add", "graphql", "versioning=header"),
            ("remove", "auth"),
            ("remove", "auth", "--with-dependents"),
            ("status",),
            ("diff",),
            ("check",),
            ("undo",),
            ("update",),
            ("features",),
            ("features", "tenancy"),
            ("--help",),
            ("add", "--help"),
        ),
        2,
    ):
        result = forge(*arguments, cwd=project, code=None, env=env)
        name = "-".join(word.strip("-") for word in arguments[:2])
        assert_snapshot(f"session-{number}-{name.replace('=', '-')}", result, masks)


def test_env_gets_fresh_secrets_and_loses_nothing(forge: Forge) -> None:
    project = forge.new("--with-auth")
    first = (project / ".env").read_text()
    secret = re.search(r"^SECRET_KEY=(\S{40,})$", first, re.MULTILINE)
    assert secret
    other = forge.new("--with-auth", where=forge.fresh("other"))
    assert secret[1] not in (other / ".env").read_text()
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    for text in ("forge.lock", "README.md", ".env.example"):
        assert secret[1] not in (project / text).read_text()
    forge("remove", "auth", cwd=project)
    assert (project / ".env").read_text() == first


def test_env_gets_the_secrets_of_a_feature_that_comes(forge: Forge, project: Path) -> None:
    mine = "MY_SETTING=1  # mine, without an end of line"
    (project / ".env").write_text(mine)
    notice = ".env gains a fresh SECRET_KEY"
    assert notice in forge("add", "auth", "--dry-run", cwd=project).err.splitlines()
    assert notice in forge("add", "auth", "--dry-run", "--json", cwd=project).data["notices"]
    assert (project / ".env").read_text() == mine
    result = forge("add", "auth", cwd=project)
    assert "environment keys gained: SECRET_KEY" in result.err
    assert notice in result.err.splitlines()
    assert ".env\n" not in result.out
    kept, added = (project / ".env").read_text().split("\n", 1)
    assert kept == mine
    assert re.fullmatch(r"SECRET_KEY=\S{40,}\n", added)
    assert added.strip().partition("=")[2] not in result.out + result.err
    forge("undo", cwd=project)
    assert (project / ".env").read_text() == mine
    assert notice in forge("add", "auth", "--json", cwd=project).data["notices"]
    forge("undo", cwd=project)
    (project / ".env").unlink()
    assert notice not in forge("add", "auth", cwd=project).err
    assert not (project / ".env").exists()


@pytest.mark.parametrize("line", ["#SECRET_KEY=", "# SECRET_KEY=changeme", "# SECRET_KEY = x"])
def test_a_secret_that_env_has_as_a_comment_is_not_set_yet(
    forge: Forge, project: Path, line: str
) -> None:
    (project / ".env").write_text(f"{line}\n")
    forge("add", "auth", cwd=project)
    assert re.fullmatch(rf"{line}\nSECRET_KEY=\S{{40,}}\n", (project / ".env").read_text())


@pytest.mark.parametrize(
    "line", ["SECRET_KEY=mine", "export SECRET_KEY=mine", "  secret_key = mine", "SECRET_KEY="]
)
def test_a_secret_that_env_sets_stays_the_only_one(forge: Forge, project: Path, line: str) -> None:
    (project / ".env").write_text(f"{line}\n")
    forge("add", "auth", cwd=project)
    assert (project / ".env").read_text() == f"{line}\n"


def test_the_secret_of_a_feature_that_goes_serves_again_when_it_comes_back(
    forge: Forge, project: Path
) -> None:
    forge("add", "auth", cwd=project)
    first = (project / ".env").read_text()
    forge("remove", "auth", cwd=project)
    forge("add", "auth", cwd=project)
    assert (project / ".env").read_text() == first
    assert first.count("SECRET_KEY=") == 1


def test_history_is_only_ever_appended_to(forge: Forge, project: Path) -> None:
    versions = project / "migrations" / "versions"
    mine = versions / "a1_mine.py"
    mine.write_text('revision: str = "a1"\ndown_revision: str | None = "items"\n')
    kept = {path.name: path.read_bytes() for path in versions.iterdir()}
    for arguments in (("add", "auth"), ("remove", "auth", "example"), ("add", "auth")):
        forge(*arguments, cwd=project)
        for name, content in kept.items():
            assert (versions / name).read_bytes() == content
        assert len(forge("status", "--json", cwd=project).data["migration_heads"]) == 1
        kept = {path.name: path.read_bytes() for path in versions.iterdir()}
    assert len(kept) == 6


def test_history_with_several_heads_is_refused(forge: Forge, project: Path) -> None:
    versions = project / "migrations" / "versions"
    for name in ("one", "two"):
        (versions / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = "items"\n')
    result = forge("add", "auth", cwd=project, code=1)
    assert "`one`, `two`" in result.err
    assert "alembic merge" in result.err
    merge = 'uv run alembic merge -m "merge heads" heads'
    assert f"several: {merge}" in " ".join(forge("status", cwd=project).out.split())
    assert f"; {merge}" in forge("check", cwd=project, code=1).out
    result = forge("add", "ci", cwd=project)
    assert "the migrations have several heads" in result.err
    assert [step for step in result.steps if "alembic" in step] == [
        merge,
        "uv run alembic upgrade head",
    ]
    forge("check", cwd=project, code=1)
    forge("add", "graphql", cwd=project)


def test_history_says_loudly_what_goes_and_keeps_data_on_request(
    forge: Forge, project: Path
) -> None:
    loud = forge("remove", "example", "--dry-run", cwd=project).err
    assert "will drop what example brought, data included (tables: items)" in loud
    result = forge("remove", "example", "--keep-data", cwd=project)
    assert (project / "migrations" / "kept.txt").read_text() == "items\n"
    assert "tables kept in the database" in result.err
    assert [path.name for path in (project / "migrations" / "versions").iterdir()] == ["items.py"]


def test_a_file_the_user_deleted_comes_back_on_request_only(forge: Forge, project: Path) -> None:
    main, routes = project / "app" / "main.py", project / "app" / "routes.py"
    wanted = main.read_bytes()
    main.unlink()
    forge("add", "graphql", cwd=project)
    assert not main.exists()
    assert "You deleted     app/main.py" in forge("status", cwd=project).out
    forge("restore", "main.py", cwd=project / "app")
    assert main.read_bytes() == wanted
    assert "nothing to do" in forge("restore", "app/main.py", cwd=project).out
    routes.write_text("MINE = True\n")
    assert "app/routes.py" in forge("restore", "app/routes.py", cwd=project, code=3).out


def test_check_says_what_is_not_as_the_answers_say(forge: Forge) -> None:
    project = forge.new("--with-graphql")
    assert forge("check", cwd=project).out == "myapi is as its answers say\n"
    shutil.rmtree(project / "app" / "graphql")
    pyproject = project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace('    "fastapi>=0.165",\n', ""))
    problems = forge("check", "--json", cwd=project, code=1).data["problems"]
    assert problems == [
        "dependency fastapi is not declared in pyproject.toml",
        "graphql is on, but its files are gone: forge remove graphql",
        "app/routes.py:4 imports app.graphql, which is not there",
    ]


def test_install_needs_uv_and_says_so(forge: Forge, project: Path) -> None:
    empty = {"PATH": str(forge.fresh("empty"))}
    result = forge("add", "ci", "--install", cwd=project, code=1, env=empty)
    assert "`uv` is not installed; the files are written" in result.err
    fake = forge.fresh("fake")
    (fake / "uv").write_text('#!/bin/sh\necho "$@" >> uv.log; exit $(cat status)\n')
    (fake / "uv").chmod(0o755)
    env = {"PATH": f"{fake}:{os.environ['PATH']}"}
    (project / "status").write_text("0")
    result = forge("add", "graphql", "--install", cwd=project, env=env)
    assert (project / "uv.log").read_text() == "sync\n"
    assert "uv lock" not in result.steps
    (project / "status").write_text("1")
    result = forge("add", "auth", "--install", cwd=project, env=env, code=1)
    assert "`uv sync` failed" in result.err


def test_22_interrupted_while_installing_the_project_is_there(forge: Forge) -> None:
    fake = forge.fresh("fake")
    (fake / "uv").write_text("#!/bin/sh\nkill -INT $PPID\nsleep 5\n")
    (fake / "uv").chmod(0o755)
    env = {"PATH": f"{fake}:{os.environ['PATH']}"}
    result = forge.process("new", "myapi", "-y", "--install", code=130, env=env)
    assert "error: interrupted while installing; the files are written" in result.err
    assert "hint: uv sync --directory" in result.err
    assert "nothing was changed" not in result.err
    assert (forge.here / "myapi" / "forge.lock").exists()


def test_lock_of_two_branches_is_read_by_every_verb(forge: Forge) -> None:
    forge("new", "myapi", "-y")
    project = forge.here / "myapi"
    for name, value in (("user.name", "x"), ("user.email", "x@x")):
        git(project, "config", name, value)
    git(project, "checkout", "-qb", "other")
    forge("add", "graphql", cwd=project)
    git(project, "commit", "-qam", "graphql", "--allow-empty")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "graphql files")
    git(project, "checkout", "-q", "-")
    forge("add", "versioning", cwd=project)
    git(project, "add", "-A")
    git(project, "commit", "-qm", "versioning")
    subprocess.run(["git", "merge", "-q", "other"], cwd=project, capture_output=True, check=False)
    assert "graphql=strawberry" in forge("status", cwd=project).out
    assert json.loads(forge("status", "--json", cwd=project).out)["status"] == "ok"
