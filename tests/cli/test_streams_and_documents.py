"""Lines 1 to 5 of the contract: streams, documents, exit codes, errors, nearest names."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fastapi_forge.cli.commands import COMMANDS
from fastapi_forge.output.documents import DOCUMENTS
from fastapi_forge.output.schema import schema
from fastapi_forge.verbs import creation
from tests.support.terminal import VALIDATOR, Forge, Result, everything

KEYS = {"forge_result_version", "command", "status", "exit_code", "data", "errors"}


def valid(result: Result) -> dict[str, Any]:
    """The document, which the schema takes: `Forge` has seen to that."""
    assert result.document["exit_code"] == result.code
    return result.document


def conflicting(forge: Forge, project: Path) -> str:
    """A file of the user's where `add graphql` would create one; its path."""
    path = "app/graphql/router.py"
    (project / path).parent.mkdir()
    (project / path).write_text("MINE = True\n")
    return path


@pytest.mark.parametrize("where", ["before", "after"])
def test_01_common_flags_stand_before_and_after_the_command(forge: Forge, where: str) -> None:
    flags = ("-q", "-v", "--json", "--no-input", "-C", str(forge.here))
    arguments = (*flags, "features") if where == "before" else ("features", *flags)
    assert forge(*arguments).document["command"] == "features"


def test_01_the_result_is_on_stdout_its_closing_line_last(forge: Forge) -> None:
    result = forge("new", "myapi", "-y", "--with-redis", "--no-git")
    assert re.fullmatch(r"Created myapi \(\d+ files\) in \d+\.\d s", result.out.splitlines()[-1])
    assert "Also auth, because redis needs it" in result.err
    assert "Next steps:" in result.err


def test_01_a_document_can_be_piped(forge: Forge) -> None:
    command = " ".join(forge.command("new", "myapi", "-y", "--no-git", "--json"))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | {sys.executable} -m json.tool"],
        cwd=forge.here,
        env=forge.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"]["written"] is True


@pytest.mark.parametrize("sink", ["| true", "| head -c 1", "> /dev/full"])
def test_01_a_reader_that_is_gone_is_no_defect(forge: Forge, sink: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(forge.command('features'))} {sink}"],
        cwd=forge.here,
        env=forge.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if sink == "> /dev/full":
        assert done.returncode == 1
        assert done.stderr.startswith("error: ")


def into(forge: Forge, sink: str, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run by a shell, with the streams sent where it says."""
    return subprocess.run(
        ["bash", "-c", f"{shlex.join(forge.command(*arguments))} {sink}"],
        cwd=cwd,
        env=forge.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("options", [(), ("--json",), ("-v",)])
def test_01_what_is_done_is_said_where_the_output_cannot_be_written(
    forge: Forge, options: tuple[str, ...]
) -> None:
    done = into(forge, "> /dev/full", "new", "myapi", "-y", *options, cwd=forge.here)
    assert done.returncode == 1
    assert re.fullmatch(
        r"error: the output can't be written: no space left on device; "
        r"what was asked for is done: Created myapi \(\d+ files\) in \d+\.\d s\n"
        r"hint: send the output elsewhere; "
        rf"see what was done: forge -C {forge.here}/myapi status\n",
        re.sub(r"^\w+: \d\.\d\d s\n|^(create|change) .+\n", "", done.stderr, flags=re.MULTILINE),
    ), done.stderr
    assert (forge.here / "myapi" / "forge.lock").is_file()


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_01_an_answer_that_cannot_be_written_is_an_error(
    forge: Forge, project: Path, options: tuple[str, ...]
) -> None:
    before = everything(project)
    done = into(forge, "> /dev/full", "status", *options, cwd=project)
    assert (done.returncode, done.stderr) == (
        1,
        "error: the output can't be written: no space left on device\n"
        "hint: send the output elsewhere, then run again\n",
    )
    assert everything(project) == before


def test_01_an_error_whose_document_cannot_be_written_is_said_in_words(forge: Forge) -> None:
    done = into(forge, "> /dev/full", "new", "x y", "-y", "--json", cwd=forge.here)
    assert done.returncode == 2
    assert re.fullmatch(r"error: `x y` .+\nhint: .+\n", done.stderr)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_01_a_closed_output_is_no_defect(forge: Forge, options: tuple[str, ...]) -> None:
    done = into(forge, ">&-", "new", "myapi", "-y", *options, cwd=forge.here)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (forge.here / "myapi" / "forge.lock").is_file()


@pytest.mark.parametrize("options", [(), ("-v",), ("--json",)])
def test_01_what_cannot_be_said_besides_stops_nothing(
    forge: Forge, options: tuple[str, ...]
) -> None:
    done = into(forge, "2> /dev/full", "new", "myapi", "-y", *options, cwd=forge.here)
    assert done.returncode == 0
    assert "Created myapi" in done.stdout or json.loads(done.stdout)["data"]["written"]
    assert into(forge, "2> /dev/full", "new", "x y", "-y", cwd=forge.here).returncode == 2


def test_02_every_command_answers_with_one_valid_document(forge: Forge, project: Path) -> None:
    inside: list[tuple[tuple[str, ...], int]] = [
        (("status",), 0),
        (("diff",), 0),
        (("check",), 0),
        (("update",), 0),
        (("add", "graphql", "--dry-run", "--diff"), 0),
        (("add", "graphql", "--check"), 1),
        (("add", "graphql"), 0),
        (("add", "graphql"), 0),
        (("remove", "graphql"), 0),
        (("undo",), 0),
        (("undo",), 1),
        (("restore", "README.md"), 0),
        (("features",), 0),
        (("features", "tenancy"), 0),
        (("schema",), 0),
        (("--version",), 0),
        (("--help",), 0),
        (("add", "--help"), 0),
        (("--show-completion", "bash"), 0),
        (("--install-completion", "bash"), 0),
        (("new", "again", "-y", "--dry-run", "--diff"), 0),
        (("new", "again", "-y", "--no-git"), 0),
        (("new", "x y"), 2),
        ((), 2),
        (("nonsense",), 2),
        (("add",), 2),
    ]
    answered = set()
    for arguments, code in inside:
        result = forge(*arguments, "--json", cwd=project, code=code)
        document = valid(result)
        assert document.keys() == KEYS
        assert result.err == "", arguments
        if document["status"] == "ok":
            answered.add(document["command"])
    assert answered == DOCUMENTS.keys()


def test_02_every_command_answers_too_where_there_is_much_to_say(
    forge: Forge, project: Path
) -> None:
    (project / "app" / "main.py").write_text("EDITED = True\n")
    (project / "README.md").unlink()
    (project / "app" / "routes.py").rename(project / "app" / "urls.py")
    (project / "tests" / "test_app.py").write_text("<<<<<<< a\n=======\n>>>>>>> b\n")
    changes = forge.fresh("template") / "changes.yml"
    shutil.copytree(forge.templates, changes.parent, dirs_exist_ok=True)
    changes.write_text('- {version: "9.0.0", changes: [{notice: told, gained: [A], lost: [B]}]}\n')
    forge.templates = changes.parent
    state = valid(forge("status", "--json", cwd=project))["data"]
    assert all(state[key] for key in ("edited", "deleted", "moved", "conflicts_left"))
    edits = valid(forge("diff", "--json", cwd=project))["data"]
    assert all(edits[key] for key in ("edited", "deleted", "moved", "diff"))
    assert valid(forge("check", "--json", cwd=project, code=1))["data"]["problems"]
    (project / "tests" / "test_app.py").unlink()
    assert valid(forge("restore", "README.md", "--json", cwd=project))["data"]["written"]
    assert valid(forge("update", "--json", cwd=project))["data"]["before_you_deploy"]


def test_02_the_schema_knows_every_command() -> None:
    assert {command.name for command in COMMANDS} < DOCUMENTS.keys()


def test_02_conflicts_are_data(forge: Forge, project: Path) -> None:
    path = conflicting(forge, project)
    document = valid(forge("add", "graphql", "--json", cwd=project, code=3))
    assert document["status"] == "conflicts"
    assert [conflict["path"] for conflict in document["data"]["conflicts"]] == [path]
    assert document["data"]["written"] is False
    assert document["errors"][0]["code"] == "conflicts"


def test_02_the_plan_and_its_digest_are_data(forge: Forge, project: Path) -> None:
    planned = valid(forge("add", "graphql", "--dry-run", "--json", cwd=project))["data"]
    assert {"path": "app/graphql/router.py", "action": "create"} in planned["plan"]
    done = valid(forge("add", "graphql", "--json", cwd=project))["data"]
    assert (planned["plan"], planned["digest"]) == (done["plan"], done["digest"])


@pytest.mark.parametrize("flags", [("--dry-run",), ()], ids=["planned", "done"])
def test_02_the_hunks_of_a_new_project_are_data_on_request(
    forge: Forge, flags: tuple[str, ...]
) -> None:
    with_diff = forge("new", "one", "-y", "--no-git", *flags, "--json", "--diff")
    assert "+++ b/app/main.py\n" in valid(with_diff)["data"]["diff"]
    without = forge("new", "other", "-y", "--no-git", *flags, "--json")
    assert "diff" not in valid(without)["data"]


def test_02_nothing_to_do_has_the_digest_of_what_is_there(forge: Forge, project: Path) -> None:
    digest = forge("add", "graphql", "--json", cwd=project).data["digest"]
    for arguments in (("add", "graphql"), ("remove", "redis"), ("update",)):
        data = valid(forge(*arguments, "--json", cwd=project))["data"]
        assert (data["plan"], data["written"], data["digest"]) == ([], False, digest)
        assert "nothing to do" in data["notices"][-1]


def test_02_what_is_said_besides_is_in_the_notices(forge: Forge) -> None:
    data = forge("new", "myapi", "-y", "--no-git", "--with-redis", "--json").data
    assert any("Also auth, because redis needs it" in notice for notice in data["notices"])


def test_02_the_schema_is_printed_bare_and_refuses_what_is_wrong(forge: Forge) -> None:
    printed = json.loads(forge("schema").out)
    assert printed == schema()
    good = forge("features", "--json").document
    for wrong in (
        {key: value for key, value in good.items() if key != "errors"},
        good | {"status": "fine"},
        good | {"exit_code": "0"},
        good | {"errors": [{"code": "x", "message": "y"}]},
        good | {"surplus": 1},
        good | {"data": {}},
        good | {"data": {"notices": []}},
        good | {"data": good["data"] | {"surplus": 1}},
        good | {"command": "status"},
    ):
        assert not VALIDATOR.is_valid(wrong)


def test_03_each_exit_code_can_be_provoked(forge: Forge, project: Path) -> None:
    table: tuple[tuple[tuple[str, ...], int], ...] = (
        (("status",), 0),
        (("add", "graphql", "--check"), 1),
        (("undo",), 2),
        (("nonsense",), 2),
        (("add", "grapql"), 2),
    )
    for arguments, code in table:
        forge(*arguments, cwd=project, code=code)
    conflicting(forge, project)
    for flags in ((), ("--dry-run",), ("--check",)):
        before = everything(project)
        forge("add", "graphql", *flags, cwd=project, code=3)
        assert everything(project) == before


def test_03_conflicts_can_be_written_as_marks(forge: Forge, project: Path) -> None:
    path = conflicting(forge, project)
    result = forge("add", "graphql", "--conflicts=inline", cwd=project, code=3)
    assert "MINE = True" in (project / path).read_text()
    assert "<<<<<<<" in (project / path).read_text()
    assert f"`{path}`" in result.err
    assert f"{path}:1" in forge("status", cwd=project).out
    assert f"conflict mark left in {path}:1" in forge("check", cwd=project, code=1).out
    (project / path).write_text("SETTLED = True\n")
    assert "up to date" in forge("update", cwd=project).out


def test_03_the_exit_codes_stand_in_the_epilogue(forge: Forge) -> None:
    epilogue = forge("--help").out.split("Exit codes")[1]
    for code in ("0", "1", "2", "3", "130"):
        assert re.search(rf"^ +{code}  \S", epilogue, re.MULTILINE)


MISUSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("add", "grapql"), "`grapql`"),
    (("remove", "grapql"), "`grapql`"),
    (("add", "versioning=banana"), "`banana`"),
    (("add", "auth=strong"), "`strong`"),
    (("add", "versioning=path", "versioning=header"), "`versioning=header`"),
    (("new", "ok1", "-y", "--versioning", "banana"), "`banana`"),
    (("new", "ok1", "-y", "--preset", "standart"), "`standart`"),
    (("new", "ok1", "-y", "--license", "GPL"), "`GPL`"),
    (("new", "ok1", "-y", "--with-redis", "--without-auth"), "`redis`"),
    (("new", "ok1", "-y", "--without-versioning", "--versioning", "path"), "`--versioning`"),
    (("new", "ok1", "-y", "--tenancy", "schema", "--database", "sqlite"), "`tenancy=schema`"),
    (("new", "x y", "-y"), "`x y`"),
    (("new", "a" * 300, "-y"), "300 characters"),
    (("new", "-y"), "`NAME`"),
    (("new", "ok1", "-y", "--answers", "nope.yml"), "`nope.yml`"),
    (("add",), "`FEATURE`"),
    (("remove",), "`FEATURE`"),
    (("restore",), "`PATH`"),
    (("restore", "nope.py"), "`nope.py`"),
    (("diff", "nope.py"), "`nope.py`"),
    (("add", "graphql", "--conflicts", "ours"), "`--conflicts ours`"),
    (("-C", "nowhere", "status"), "`-C nowhere`"),
)


@pytest.mark.parametrize(("arguments", "quoted"), MISUSES, ids=lambda value: str(value)[:40])
def test_04_an_error_is_two_lines(
    forge: Forge, project: Path, arguments: tuple[str, ...], quoted: str
) -> None:
    before = everything(project)
    result = forge(*arguments, cwd=project, code=2)
    assert re.fullmatch(r"error: .+\nhint: .{5,}\n", result.err), result.err
    assert quoted in result.err
    assert result.out == ""
    assert everything(project) == before


@pytest.mark.parametrize(
    ("arguments", "quoted"),
    [
        (("nonsense",), "`nonsense`"),
        (("new", "ok1", "--nonsense"), "`--nonsense`"),
        (("new", "ok1", "--preset"), "`--preset` needs a value"),
        (("new", "ok1", "--with-auth=yes"), "`--with-auth` takes no value"),
        (("features", "a", "b"), "argument"),
        (("--nonsense",), "`--nonsense`"),
    ],
)
def test_04_usage_stands_beside_errors_of_usage_only(
    forge: Forge, arguments: tuple[str, ...], quoted: str
) -> None:
    result = forge(*arguments, code=2)
    assert re.fullmatch(r"usage: forge .+\nerror: .+\nhint: .+\n", result.err), result.err
    assert quoted in result.err


def test_04_a_defect_is_one_line_with_the_path_of_a_report(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("sabotage-4711")

    monkeypatch.setattr(creation, "create", broken)
    result = forge("new", "myapi", "-y", code=1)
    assert re.fullmatch(r"error: unexpected RuntimeError: sabotage-4711; .+\n", result.err)
    path = Path(result.err.split()[-1])
    assert path.is_relative_to(forge.home / "state" / "forge")
    assert "Traceback" in path.read_text()
    document = forge("new", "myapi", "-y", "--json", code=1).document
    assert document["errors"][0]["code"] == "unexpected"
    assert everything(forge.here) == {}


def test_04_a_refusal_of_the_system_is_two_lines(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "app/main.py")

    monkeypatch.setattr(creation, "_write", full)
    result = forge("new", "myapi", "-y", code=1)
    assert result.err.startswith("error: `app/main.py`: no space left on device\nhint: ")
    assert everything(forge.here) == {}


def test_04_full_targets_and_unusable_places_are_wrong_use(forge: Forge) -> None:
    (forge.here / "afile").write_text("x")
    for place in ("afile", "afile/below", "/proc/forge-cannot"):
        forge("new", "ok1", "-y", "--output-dir", place, code=2)
    for name, content in (
        ("a.json", '{"description": '),
        ("a.toml", "x ="),
        ("a.yml", "a: [b"),
        ("b.yml", "- a\n"),
        ("c.yml", "description: [a]\n"),
        ("d.yml", "colour_of_the_sky: blue\n"),
        ("e.yml", "with_auth: maybe\n"),
    ):
        (forge.here / name).write_text(content)
        result = forge("new", "ok1", "-y", "--answers", name, code=2)
        assert result.err.startswith("error: `"), result.err
    (forge.here / "f.yml").write_bytes(b"\xff\xfe")
    forge("new", "ok1", "-y", "--answers", "f.yml", code=2)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("add", "grapql"), "graphql"),
        (("features", "tenansy"), "tenancy"),
        (("new", "ok1", "-y", "--with-grapql"), "--with-graphql"),
        (("add", "versioning=heder"), "header"),
        (("new", "ok1", "-y", "--preset", "standart"), "standard"),
        (("statsu",), "status"),
        (("new", "ok1", "-y", "--license", "mit"), "MIT"),
    ],
)
def test_05_the_nearest_name_is_asked_for(
    forge: Forge, project: Path, arguments: tuple[str, ...], name: str
) -> None:
    result = forge(*arguments, cwd=project, code=2)
    assert re.search(rf"hint: did you mean {re.escape(name)}\b.*\?", result.err), result.err


def test_05_a_name_near_to_none_gets_the_way_to_the_list(forge: Forge, project: Path) -> None:
    assert "hint: forge features" in forge("add", "zzz", cwd=project, code=2).err


def test_05_a_name_that_is_much_nearer_is_the_only_one_named(forge: Forge) -> None:
    result = forge("new", "myapi", "--with-atuh", code=2)
    assert "hint: did you mean --with-auth?\n" in result.err


def test_05_names_between_commas_are_told_apart(forge: Forge, project: Path) -> None:
    result = forge("add", "auth,versioning=header", cwd=project, code=2)
    assert result.err.endswith("hint: put spaces between them: auth versioning=header\n")
