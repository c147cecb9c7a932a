"""A running nginx in front of an upstream that shows what arrives."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.rooms.conftest import Render
from tests.rooms.nginx.server import Nginx, Upstream, echoing, serving
from tests.rooms.services import required


@pytest.fixture(scope="session")
def program() -> str:
    return required("nginx")


@pytest.fixture(scope="module")
def upstream() -> Generator[Upstream]:
    with echoing() as upstream:
        yield upstream


@pytest.fixture(scope="module")
def fullest(render: Render) -> Path:
    """A project with everything that the configuration of nginx speaks of."""
    return render(nginx=True, auth=True, metrics=True)


@pytest.fixture(scope="module")
def nginx(
    program: str, fullest: Path, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx") / "conf"
    with serving(program, fullest, folder, f"127.0.0.1:{upstream.server_port}") as nginx:
        yield nginx
