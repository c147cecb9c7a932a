"""The configuration loads as generated, and the analyser finds nothing in it."""

import shutil
from pathlib import Path

import pytest

from tests.rooms.conftest import Render, covering, named
from tests.rooms.services import run, tool

CHOICES = covering(
    nginx=["port", "socket"],
    auth=[True, False],
    gunicorn=[True, False],
    metrics=[True, False],
    tenancy=[True, False],
)


@pytest.fixture(params=CHOICES, ids=named)
def project(request: pytest.FixtureRequest, render: Render) -> Path:
    return render(**request.param)


def test_loads_as_generated(program: str, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nginx"
    shutil.copytree(project / "deploy/nginx", folder)
    run("./make_certificate.sh", cwd=folder)

    output = run(
        program, "-t", "-c", str(folder / "app.conf"), "-g", f"pid {tmp_path}/pid;", cwd=folder
    )

    assert "[warn]" not in output


def test_gixy_finds_nothing(project: Path) -> None:
    assert "No issues found" in run(tool("gixy"), "deploy/nginx/app.conf", cwd=project)


def test_wildcard_only_with_tenants(render: Render) -> None:
    plain = (render(nginx=True) / "deploy/nginx/app.conf").read_text()
    tenants = (render(nginx=True, tenancy=True) / "deploy/nginx/app.conf").read_text()

    assert "server_name example.com localhost;" in plain
    assert "server_name .example.com .localhost;" in tenants


def test_certificate_is_private_and_ignored(render: Render) -> None:
    project = render(nginx=True)

    assert "deploy/nginx/certificates/" in (project / ".gitignore").read_text().splitlines()
    assert "umask 077" in (project / "deploy/nginx/make_certificate.sh").read_text()
