"""The workflow is valid, hardened, and speaks of just what was chosen."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rooms.conftest import Render, covering, named
from tests.rooms.services import run, tool

WORKFLOW = ".github/workflows/ci.yml"
CHOICES = covering(database=["sqlite", "postgres"], docker=[True, False], python=["3.11", "3.14"])


@pytest.fixture(params=CHOICES, ids=named)
def project(request: pytest.FixtureRequest, render: Render) -> Path:
    return render(ci=True, **request.param)


def workflow(project: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((project / WORKFLOW).read_text())
    return document


def test_actionlint_finds_nothing(project: Path) -> None:
    assert run(tool("actionlint"), WORKFLOW, cwd=project) == ""


def test_zizmor_finds_nothing(project: Path) -> None:
    run(tool("zizmor"), "--persona", "pedantic", "--offline", ".github", cwd=project)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.dependabot", ".github/dependabot.yml"),
    ],
)
def test_schema(project: Path, schema: str, path: str) -> None:
    run(tool("check-jsonschema"), "--builtin-schema", schema, path, cwd=project)


def test_actions_and_images_are_pinned(project: Path) -> None:
    text = (project / WORKFLOW).read_text()

    for line in re.findall(r"uses: .*", text):
        assert re.fullmatch(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
    for line in re.findall(r"image: .*", text):
        assert re.fullmatch(r"image: \w+:[\d.]+@sha256:[0-9a-f]{64}", line)


def test_server_only_where_used(render: Render) -> None:
    plain = workflow(render(ci=True))
    postgres = workflow(render(ci=True, database="postgres"))

    assert "services" not in plain["jobs"]["test"]
    assert "postgres" in postgres["jobs"]["test"]["services"]


def test_oldest_and_newest_python(render: Render) -> None:
    versions = {
        python: workflow(render(ci=True, python=python))["jobs"]["test"]["strategy"]["matrix"]
        for python in ("3.11", "3.14")
    }

    assert versions == {"3.11": {"python": ["3.11", "3.14"]}, "3.14": {"python": ["3.14"]}}


def test_image_is_built_only_where_there_is_one(render: Render) -> None:
    assert "image" not in workflow(render(ci=True))["jobs"]


def test_same_checks_before_a_commit(render: Render) -> None:
    project = render(ci=True)
    hooks = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())
    local = next(each for each in hooks["repos"] if each["repo"] == "local")
    before_commit = {" ".join(hook["entry"].split()[:4]) for hook in local["hooks"]}
    steps = workflow(project)["jobs"]["lint"]["steps"]
    in_workflow = {" ".join(step["run"].split()[:4]) for step in steps if "run" in step}

    assert {"uv run ruff check", "uv run mypy"} <= before_commit & in_workflow
    assert "uv run ruff format" in before_commit & in_workflow
