"""Lines 8 and 9 of the contract: flags, files of answers, presets, the equivalent command."""

import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from fastapi_forge.template.catalog import load_catalog
from tests.support.terminal import REPOSITORY, Forge, everything


def files_of(project: Path) -> dict[str, bytes | None]:
    """The project less what is made at random."""
    return {path: content for path, content in everything(project).items() if path != ".env"}


@pytest.mark.parametrize("template", ["toy", "own"])
def test_08_every_question_has_a_flag_and_every_flag_is_documented(
    forge: Forge, toy: Path, template: str
) -> None:
    root = toy if template == "toy" else REPOSITORY / "templates"
    catalog = load_catalog(root)
    wanted = {q.flag for q in catalog.questions if not q.names_project}
    for feature in catalog.features.values():
        wanted |= {feature.flag, feature.off_flag}
        wanted |= {feature.kind_flag} if feature.kinds else set()
    text = forge("new", "--help", env={"FORGE_TEMPLATES": str(root)}).out
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    data = forge("features", "--json", env={"FORGE_TEMPLATES": str(root)}).data
    listed = {q["flag"] for q in data["questions"]} - {"NAME"}
    for feature in data["features"]:
        listed |= {feature["flag"], feature["off_flag"], feature["kind_flag"]} - {None}
    assert wanted <= documented
    assert wanted == listed


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "description: A text\nversioning: header\nauth: true\n"),
        ("a.yaml", "description: 'A text'\nwith_auth: true\nversioning_kind: header\n"),
        ("a.toml", 'description = "A text"\nversioning = "header"\njwt = true\n'),
        ("a.json", '{"description": "A text", "versioning": "header", "auth": true}'),
        ("-", "description: A text\nversioning: header\nauth: yes\n"),
    ],
)
def test_08_a_file_gives_all_answers_at_once(forge: Forge, name: str, text: str) -> None:
    flags = ("--description", "A text", "--versioning", "header", "--with-auth")
    said = forge.new(*flags, where=forge.fresh("said"))
    if name != "-":
        (forge.here / name).write_text(text)
    forge("new", "myapi", "-y", "--no-git", "--answers", name, stdin=text)
    assert files_of(forge.here / "myapi") == files_of(said)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "[" * 60_000, "is nested too deeply"),
        ("a.yml", "description: " + "x" * 70_000, "has more than 65,536 characters"),
        ("-", "x" * 70_000, "has more than 65,536 characters"),
    ],
)
def test_08_what_can_be_no_answers_is_refused(
    forge: Forge, name: str, text: str, reason: str
) -> None:
    if name != "-":
        (forge.here / name).write_text(text)
    result = forge("new", "myapi", "-y", "--answers", name, stdin=text, code=2)
    assert reason in result.err
    assert not (forge.here / "myapi").exists()


def test_08_a_pipe_is_not_waited_for(forge: Forge) -> None:
    os.mkfifo(forge.here / "pipe.yml")
    result = forge("new", "myapi", "-y", "--answers", "pipe.yml", code=2)
    assert "it is no file; `-` is the standard input" in result.err


def test_08_a_file_may_name_the_project_and_flags_go_before_it(forge: Forge) -> None:
    (forge.here / "a.yml").write_text("name: other\nauth: true\nlicense: Proprietary\n")
    forge("new", "-y", "--no-git", "--answers", "a.yml", "--license", "MIT")
    assert 'license = "MIT"' in (forge.here / "other" / "pyproject.toml").read_text()
    assert (forge.here / "other" / "app" / "auth").is_dir()


def test_08_presets_are_forges_or_the_users(forge: Forge) -> None:
    standard = forge("new", "one", "-y", "--no-git", "--preset", "standard", "--json").data
    assert standard["command"] == "forge new one --with-auth --with-ci --with-versioning -y"
    config = forge.home / "config" / "forge" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[presets.mine]\nauth = true\nversioning = "header"\ndatabase = "postgres"\n')
    mine = forge("new", "two", "-y", "--no-git", "--preset", "mine", "--with-ci", "--json").data
    assert mine["command"] == (
        "forge new two --with-auth --with-ci --without-example --versioning header"
        " --database postgres -y"
    )
    config.write_text("[presets.mine\n")
    assert f"`{config}`" in forge("new", "three", "-y", "--preset", "mine", code=2).err


def test_08_a_preset_leaves_out_what_the_template_has_not(forge: Forge) -> None:
    assert "docker" not in forge("new", "one", "-y", "--no-git", "--preset", "standard").out


def test_08_gits_name_is_the_author(forge: Forge) -> None:
    (forge.home / ".gitconfig").write_text("[user]\n\tname = Jo Doe\n")
    project = forge.new()
    assert "forge new myapi --author 'Jo Doe' -y" in (project / "README.md").read_text()


def test_08_gits_name_is_taken_as_one_line_of_text(forge: Forge) -> None:
    (forge.home / ".gitconfig").write_text('[user]\n\tname = "Jo\\n\x1bDoe\\tMe"\n')
    project = forge.new()
    assert "forge new myapi --author 'Jo Doe Me' -y" in (project / "README.md").read_text()


@pytest.mark.parametrize("template", ["toy", "own"])
@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("--preset", "full"),
        ("--without-example", "--license", "MIT", "--python", "3.13"),
        ("--description", 'It\'s "quoted" $HOME `x` \\ é', "--author=-dash", "--with-graphql"),
    ],
    ids=str,
)
def test_09_the_readme_says_the_command_that_made_the_project(
    forge: Forge, toy: Path, template: str, flags: tuple[str, ...]
) -> None:
    root = str(toy if template == "toy" else REPOSITORY / "templates")
    env = {"FORGE_TEMPLATES": root}
    command = forge("new", "myapi", "-y", "--no-git", *flags, "--json", env=env).data["command"]
    readme = (forge.here / "myapi" / "README.md").read_text()
    assert command in [line.strip() for line in readme.splitlines()]
    words = shlex.split(command)
    assert words[:3] == ["forge", "new", "myapi"]
    elsewhere = forge.fresh("elsewhere")
    forge(*words[1:], "--no-git", cwd=elsewhere, env=env)
    assert files_of(elsewhere / "myapi") == files_of(forge.here / "myapi")


def test_09_only_what_differs_from_the_defaults_is_said(forge: Forge) -> None:
    flags = ("--with-example", "--without-auth", "--database", "sqlite", "--license", "MIT")
    assert forge("new", "x1", "-y", "--no-git", *flags, "--json").data["command"] == (
        "forge new x1 -y"
    )


def test_09_a_default_that_is_computed_is_a_default(forge: Forge) -> None:
    root = forge.fresh("template")
    shutil.copytree(forge.templates, root, dirs_exist_ok=True)
    config = root / "copier.yml"
    question = "\nstrict: {type: bool, default: \"{{ license == 'MIT' }}\"}\nmigration:\n"
    config.write_text(config.read_text().replace("\nmigration:\n", question))
    forge.templates = root
    for flags in ("", " --license Proprietary", " --no-strict"):
        name = f"a{len(flags)}"
        command = f"forge new {name}{flags} -y"
        where = forge.new(*flags.split(), name=name)
        assert command in (where / "README.md").read_text().splitlines()
    assert forge("new", "b", "-y", "--no-git", "--json").data["command"] == "forge new b -y"


def test_09_after_a_change_it_is_the_command_of_the_new_answers(forge: Forge) -> None:
    project = forge.new()
    forge("add", "versioning=header", "redis", cwd=project)
    forge("remove", "example", cwd=project)
    command = "forge new myapi --with-auth --without-example --with-redis --versioning header -y"
    assert command in (project / "README.md").read_text()
    other = forge.new(*shlex.split(command)[3:-1], where=forge.fresh("other"))
    assert {p: c for p, c in files_of(project).items() if _is_generated(p)} == {
        p: c for p, c in files_of(other).items() if _is_generated(p)
    }


def _is_generated(path: str) -> bool:
    return not path.startswith(("migrations/versions", ".forge"))


def test_25_the_catalogue_is_enough_to_drive_forge(forge: Forge) -> None:
    data = forge("features", "--json").data
    features = {feature["name"]: feature for feature in data["features"]}
    assert [kind["value"] for kind in features["versioning"]["kinds"]] == ["path", "header"]
    assert features["redis"]["requires"] == [
        {"feature": "auth", "reason": "its families of tokens live there"}
    ]
    assert features["example"]["default"] is True
    answers: dict[str, object] = {"name": "driven"}
    for name, feature in features.items():
        kinds = feature["kinds"]
        answers[name] = kinds[-1]["value"] if kinds else True
    for question in data["questions"]:
        if question["choices"]:
            answers[question["name"]] = question["choices"][-1]["value"]
    forge("new", "-y", "--no-git", "--answers", "-", stdin=json.dumps(answers))
    assert 'KIND = "schema"' in (forge.here / "driven/app/tenancy/router.py").read_text()


def test_a_feature_that_comes_back_has_its_defaults_again(forge: Forge) -> None:
    project = forge.new("--versioning", "header", "--sunset", "2030-01-01")
    forge("remove", "versioning", cwd=project)
    assert not {"versioning_kind", "sunset"} & recorded(project).keys()
    forge("add", "versioning", cwd=project)
    assert recorded(project)["versioning_kind"] == "path"
    assert recorded(project)["sunset"] == "2027-01-01"


def recorded(project: Path) -> dict[str, object]:
    """The answers in `forge.lock`."""
    header = json.loads((project / "forge.lock").read_text().partition("\n")[0])
    return dict(header["answers"])
