"""Lines 20 to 22, 26, 29 and 30: where a project goes, how it is found, interruption."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from fastapi_forge.cli.commands import COMMANDS
from fastapi_forge.cli.options import Group
from tests.support.terminal import REPOSITORY, Forge, Result, everything

ABORTED = "Aborted; nothing was changed."


def git(directory: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=directory, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_20_a_full_target_is_refused_with_the_ways_out(forge: Forge) -> None:
    target = forge.here / "myapi"
    target.mkdir()
    for number in range(7):
        (target / f"f{number}").write_text("x")
    error = forge("new", "myapi", "-y", code=2).err
    assert "`myapi` is not empty: f0, f1, f2, f3, f4, ..." in error
    for way in ("another name", "forge new .", "--output-dir"):
        assert way in error
    assert len(list(target.iterdir())) == 7


def test_20_an_empty_directory_is_taken(forge: Forge) -> None:
    (forge.here / "myapi").mkdir()
    forge.new()
    assert (forge.here / "myapi" / "forge.lock").exists()


def test_20_a_file_in_the_way_is_refused(forge: Forge) -> None:
    (forge.here / "myapi").write_text("x")
    assert "is a file" in forge("new", "myapi", "-y", code=2).err


@pytest.mark.parametrize("repository", [True, False])
def test_20_new_dot_goes_into_the_directory_itself(forge: Forge, repository: bool) -> None:
    here = forge.fresh("dotapi")
    if repository:
        git(here, "init", "-q")
    result = forge("new", ".", "-y", cwd=here)
    assert re.match(r"Created dotapi \(\d+ files\) in", result.out)
    assert 'name = "dotapi"' in (here / "pyproject.toml").read_text()
    assert (here / ".git").is_dir()
    tracked = git(here, "ls-files")
    assert bool(tracked) is not repository
    assert not list(here.glob(".dotapi.forge-*"))
    forge("add", "graphql", cwd=here)
    forge("undo", cwd=here)


def test_20_new_dot_refuses_a_full_directory_and_a_bad_name(forge: Forge) -> None:
    full = forge.fresh("fullapi")
    (full / "mine.txt").write_text("x")
    assert "mine.txt" in forge("new", ".", "-y", cwd=full, code=2).err
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    error = forge("new", ".", "-y", cwd=forge.fresh("9lives"), code=2).err
    assert "the directory is called so" in error


def test_20_new_dot_is_all_or_nothing(forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    here = forge.fresh("dotapi")
    rename, calls = Path.rename, []

    def failing(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    forge("new", ".", "-y", cwd=here, code=1)
    assert everything(here) == {}
    assert len(calls) > 4


def test_21_there_is_no_repository_in_a_repository(forge: Forge) -> None:
    git(forge.here, "init", "-q")
    (forge.here / "other.txt").write_text("x")
    services = forge.here / "services"
    services.mkdir()
    forge("new", "myapi", "-y", cwd=services)
    assert not (services / "myapi" / ".git").exists()
    assert git(forge.here, "diff", "--cached", "--name-only") == ""
    heads = subprocess.run(
        ["git", "rev-parse", "-q", "--verify", "HEAD"],
        cwd=forge.here,
        check=False,
        capture_output=True,
    )
    assert heads.returncode != 0


@pytest.mark.parametrize(
    ("configured", "branch"), [("", "main"), ("[init]\n\tdefaultBranch = trunk\n", "trunk")]
)
def test_21_the_first_branch_is_main_or_the_users_own(
    forge: Forge, configured: str, branch: str
) -> None:
    (forge.home / ".gitconfig").write_text(configured)
    forge("new", "myapi", "-y")
    assert (forge.here / "myapi" / ".git" / "HEAD").read_text() == f"ref: refs/heads/{branch}\n"


def test_21_git_variables_of_a_hook_mislead_nobody(forge: Forge) -> None:
    other = forge.fresh("other")
    git(other, "init", "-q")
    env = {"GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": str(other / ".git" / "index")}
    forge("new", "myapi", "-y", env=env)
    assert (forge.here / "myapi" / ".git").is_dir()
    assert git(other, "ls-files") == ""


def test_21_the_project_is_found_upwards_and_c_adds_up(forge: Forge, project: Path) -> None:
    below = project / "app"
    assert forge("status", cwd=below).out == forge("status", cwd=project).out
    assert forge("-C", "myapi", "-C", "app", "status").out == forge("status", cwd=below).out
    assert forge("-C", "myapi", "status", "-C", "app").out == forge("status", cwd=below).out
    forge("-C", "myapi/app", "add", "graphql")
    assert (below / "graphql").is_dir()


SIGNALLING = """\
import atexit, os, pathlib, signal, sys

if os.environ["SIGNAL"] == str(int(signal.SIGHUP)):  # nohup would have it ignored
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
STEPS = {"import", "open", "os.mkdir", "os.remove", "os.rename", "subprocess.Popen"}
done = None


def count(event, arguments):
    global done
    if event == "import" and arguments[0] == "fastapi_forge.cli":
        done = 0
    if done is None or event not in STEPS:
        return
    done += 1
    if done == int(os.environ["SIGNAL_AT"]):
        os.kill(os.getpid(), int(os.environ["SIGNAL"]))


sys.addaudithook(count)
atexit.register(lambda: pathlib.Path(os.environ["COUNT"]).write_text(str(done)))
"""


@pytest.mark.parametrize(
    "signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda s: s.name
)
def test_22_interrupted_at_any_step_nothing_is_left(
    forge: Forge, signal_number: signal.Signals
) -> None:
    spy = forge.fresh("spy")
    (spy / "sitecustomize.py").write_text(SIGNALLING)

    def interrupted(at: int) -> tuple[Path, Result]:
        here = forge.fresh(f"at{at}")
        env = {
            "PYTHONPATH": f"{spy}:{REPOSITORY}",
            "COUNT": str(spy / "count"),
            "SIGNAL_AT": str(at),
            "SIGNAL": str(int(signal_number)),
        }
        command = ("new", "myapi", "-y", "--no-git")
        return here, forge.process(*command, code=None, cwd=here, env=env)

    _, whole = interrupted(0)
    assert whole.code == 0
    steps = int((spy / "count").read_text())
    caught = 0
    for part in range(12):
        here, done = interrupted(1 + steps * part // 12)
        if done.code == 0:
            assert (here / "myapi" / "forge.lock").exists()
            continue
        caught += 1
        assert (done.code, done.err) == (130, f"{ABORTED}\n")
        assert not list(here.iterdir())
    assert caught > 6


def test_22_after_a_kill_the_next_command_recovers_and_says_so(forge: Forge) -> None:
    project = forge.new()
    before = everything(project)
    spy = forge.fresh("spy")
    (spy / "sitecustomize.py").write_text(
        "import os\n"
        "real, calls = os.replace, []\n"
        "def replace(*a, **k):\n"
        "    calls.append(a)\n"
        "    if len(calls) == 6:\n"
        "        os._exit(137)\n"
        "    return real(*a, **k)\n"
        "os.replace = replace\n"
    )
    env = {"PYTHONPATH": f"{spy}:{os.environ.get('PYTHONPATH', '')}:{Path.cwd()}"}
    forge.process("add", "graphql", cwd=project, code=137, env=env)
    assert everything(project) != before
    data = forge("status", "--json", cwd=project).data
    assert len([notice for notice in data["notices"] if "interrupted" in notice]) == 1
    after = everything(project)
    assert {p: c for p, c in after.items() if not p.startswith(".forge")} == {
        p: c for p, c in before.items() if not p.startswith(".forge")
    }
    assert "interrupted" not in forge("status", cwd=project).err


def test_26_status_fits_on_one_screen(forge: Forge) -> None:
    project = forge.new("--preset", "full")
    (project / "README.md").write_text("Mine\n")
    result = forge("status", cwd=project)
    assert len(result.out.splitlines()) <= 24
    for words in ("forge 0.", "graphql=strawberry", "README.md", "Migration head"):
        assert words in result.out
    for path in (project / "app").rglob("*.py"):
        path.write_text("MINE = 1\n")
    assert "more (forge diff)" in " ".join(forge("status", cwd=project).out.split())
    assert len(forge("status", cwd=project).out.splitlines()) <= 24


def test_26_an_older_template_is_said(forge: Forge, project: Path) -> None:
    lock = project / "forge.lock"
    lock.write_text(lock.read_text().replace('"forge_version": "', '"forge_version": "0.0.', 1))
    assert "forge update" in forge("status", cwd=project).out
    data = forge("status", "--json", cwd=project).data
    assert data["template_version"] != data["installed_version"]


def test_26_line_endings_alone_are_no_edit(forge: Forge, project: Path) -> None:
    main = project / "app" / "main.py"
    main.write_bytes(main.read_bytes().replace(b"\n", b"\r\n"))
    assert forge("status", "--json", cwd=project).data["edited"] == []
    assert forge("diff", cwd=project).out == "No generated file was changed\n"


def test_26_diff_shows_the_users_edits_alone(forge: Forge, project: Path) -> None:
    (project / "own.py").write_text("x = 1\n")
    (project / "app" / "main.py").write_text("y = 1")
    (project / "app" / "routes.py").unlink()
    out = forge("diff", cwd=project).out
    assert "+y = 1\n\\ No newline at end of file\n" in out
    assert "--- a/app/routes.py\n+++ /dev/null\n" in out
    assert "own.py" not in out
    only = forge("diff", "main.py", cwd=project / "app").out
    assert "routes.py" not in only
    assert "main.py" in only


def test_29_outside_a_project_the_verbs_say_so(forge: Forge) -> None:
    arguments = {"add": ("graphql",), "remove": ("graphql",), "restore": ("x",)}
    for command in COMMANDS:
        if command.group is Group.START or command.name in ("features", "schema"):
            continue
        error, hint = forge(command.name, *arguments.get(command.name, ()), code=2).err.splitlines()
        assert error.startswith(f"error: `{forge.here}` is in no project that forge made")
        assert hint == "hint: create one with forge new NAME, or go to one: forge -C DIR status"
    assert everything(forge.here) == {}


def test_30_update_says_what_an_operator_will_notice(forge: Forge, toy: Path) -> None:
    changed = forge.root / "changed"
    subprocess.run(["cp", "-r", str(toy), str(changed)], check=True)
    (changed / "changes.yml").write_text(
        "- version: 0.1.0\n"
        "  changes:\n"
        "    - {feature: base, notice: Logs are JSON, restore: LOG_FORMAT=console}\n"
        "    - {feature: auth, notice: Tokens end sooner, gained: [TOKEN_SECONDS], lost: [TTL]}\n"
        "    - {feature: nginx, notice: Bodies are limited}\n"
        "- version: 0.0.1\n"
        "  changes:\n"
        "    - {feature: base, notice: Long ago}\n"
    )
    env = {"FORGE_TEMPLATES": str(changed)}
    project = forge.new("--with-auth")
    assert "Before you deploy" not in forge("update", cwd=project, env=env).err
    env["FORGE_TEST_SINCE"] = "0.0.1"
    err = forge("update", cwd=project, env=env).err
    assert "Before you deploy" in err
    assert "base: Logs are JSON; as before with LOG_FORMAT=console" in err
    assert "auth: Tokens end sooner; keys gained: TOKEN_SECONDS; keys lost: TTL" in err
    assert "nginx" not in err
    assert "Long ago" not in err
    data = forge("update", "--json", cwd=project, env=env).data
    assert [change["feature"] for change in data["before_you_deploy"]] == ["base", "auth"]
    (changed / "changes.yml").write_text("- version: 0.1.0\n")
    forge("update", cwd=project, env=env, code=1)


def test_30_the_own_changes_name_known_features_and_versions(forge: Forge) -> None:
    root = Path(__file__).parents[2] / "templates"
    env = {"FORGE_TEMPLATES": str(root), "FORGE_TEST_SINCE": "0.0.0"}
    known = {feature["name"] for feature in forge("features", "--json", env=env).data["features"]}
    forge("new", "myapi", "-y", "--no-git", "--preset", "full", env=env)
    data = forge("update", "--json", cwd=forge.here / "myapi", env=env).data
    assert data["before_you_deploy"]
    assert {change["feature"] for change in data["before_you_deploy"]} <= {"base", *known}
