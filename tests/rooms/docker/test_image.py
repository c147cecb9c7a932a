"""The image and the Compose file, as far as they can be judged without a Docker daemon."""

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rooms.conftest import Render, covering, named
from tests.rooms.servers import serving
from tests.rooms.services import run, tool

CHOICES = covering(
    auth=[True, False],
    database=["sqlite", "postgres"],
    gunicorn=[True, False],
    metrics=[True, False],
    nginx=["port", "socket", False],
    redis=[True, False],
    tenancy=[True, False],
)


@pytest.fixture(params=CHOICES, ids=named)
def project(request: pytest.FixtureRequest, render: Render) -> Path:
    return render(docker=True, **request.param)


def compose(project: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((project / "compose.yaml").read_text())
    return document


def instructions(project: Path) -> list[tuple[str, str]]:
    """Those of the last stage, as pairs of word and rest."""
    text = (project / "Dockerfile").read_text().replace("\\\n", " ")
    last = text.rpartition("\nFROM ")[2]
    found = re.findall(r"^ *([A-Z]+) (.*)$", last, re.M)
    return [(word, rest) for word, rest in found]


def test_hadolint_finds_nothing(project: Path) -> None:
    assert run(tool("hadolint"), "Dockerfile", cwd=project) == ""


def test_compose_file_is_valid(project: Path) -> None:
    schema = "vendor.compose-spec"
    run(tool("check-jsonschema"), "--builtin-schema", schema, "compose.yaml", cwd=project)


def test_migrations_come_before_the_application(project: Path) -> None:
    services = compose(project)["services"]

    assert services["migrate"]["command"] == ["alembic", "upgrade", "head"]
    assert services["app"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }


def test_services_are_those_chosen(render: Render) -> None:
    def services(**features: bool | str) -> set[str]:
        return set(compose(render(docker=True, **features))["services"])

    assert services() == {"app", "migrate"}
    assert services(database="postgres") == {"app", "migrate", "postgres"}
    assert services(nginx=True) == {"app", "migrate", "nginx"}


def test_mounted_files_exist(project: Path) -> None:
    for service in compose(project)["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("./") and "certificates" not in source:
                assert (project / source).exists(), source


def test_named_volumes_are_declared(project: Path) -> None:
    document = compose(project)
    used = {
        volume.partition(":")[0]
        for service in document["services"].values()
        for volume in service.get("volumes", [])
    }

    assert {name for name in used if not name.startswith(".")} == set(document["volumes"])


def test_only_loopback_is_published(project: Path) -> None:
    for service in compose(project)["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_neither_root_nor_writable(project: Path) -> None:
    app = compose(project)["services"]["app"]

    assert ("USER", "10001") in instructions(project)
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]


def test_context_has_what_is_copied_and_no_secret(project: Path) -> None:
    allowed = {
        line.removeprefix("!")
        for line in (project / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        source
        for word, rest in instructions(project)
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }

    assert {path.split("/")[0] for path in allowed} - {"uv.lock"} == copied
    assert not {"forge.lock", ".env", "deploy", "deploy/nginx"} & allowed


@pytest.mark.parametrize("gunicorn", [False, True], ids=["uvicorn", "gunicorn"])
def test_image_serves(render: Render, gunicorn: bool, tmp_path: Path) -> None:
    """What is copied suffices to migrate and to serve, by the image's own command."""
    project = render(docker=True, gunicorn=gunicorn)
    root = tmp_path / "srv"
    root.mkdir()
    command: list[str] = []
    environment: dict[str, str] = {}
    for word, rest in instructions(project):
        if word == "COPY" and not rest.startswith("--from"):
            copy(project, root, rest.split())
        elif word == "ENV":
            environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        elif word == "CMD" and not rest.startswith('["python"'):
            command = json.loads(rest)
    del environment["PATH"]
    for name, value in environment.items():
        environment[name] = value.replace("/var/lib/app", str(tmp_path)).replace("8000", "{port}")
    environment |= {
        "DATABASE_URL": f"sqlite:///{tmp_path}/app.db",
        "ALLOWED_HOSTS": '["example.com"]',
    }
    run("alembic", "upgrade", "head", cwd=root, env=environment)

    with serving([w.replace("8000", "{port}") for w in command], root, environment) as server:
        assert server.get("/health/ready").json()["status"] == "ok"
        assert server.get("/info").status_code == 400
        assert server.get("/info", Host="example.com").json()["environment"] == "production"
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert lines


def copy(project: Path, root: Path, words: list[str]) -> None:
    *sources, target = words
    for source in sources:
        if (project / source).is_dir():
            shutil.copytree(project / source, root / target)
        else:
            shutil.copy(project / source, root / target)


def test_rows_of_tenants_are_guarded_from_a_role_that_owns_nothing(render: Render) -> None:
    project = render(docker=True, tenancy="row", database="postgres")
    services = compose(project)["services"]

    environment = services["app"]["environment"]
    assert environment["DATABASE_URL"].startswith("postgresql://service:")
    assert environment["MIGRATION_DATABASE_URL"].startswith("postgresql://app:")
    (script,) = (mount for mount in services["postgres"]["volumes"] if "initdb" in mount)
    made = (project / script.split(":")[0]).read_text()
    assert "CREATE ROLE service LOGIN PASSWORD" in made
    assert not re.search("SUPERUSER|BYPASSRLS|OWNER", made)
