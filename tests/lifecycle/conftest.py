"""forge with the toy template, and with the real one, whose renderings are remembered."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fastapi_forge.cli import drafts, running
from fastapi_forge.template.catalog import Answers, Catalog
from fastapi_forge.template.render import Rendered, render
from tests.cli.conftest import forge, project, toy
from tests.lifecycle.databases import Database, of_postgres, of_sqlite
from tests.support.terminal import REPOSITORY, Forge

__all__ = ["forge", "project", "toy"]


@pytest.fixture(scope="session")
def renderings() -> Callable[..., Rendered]:
    """Renders each set of answers once a session: the same answers give the same tree."""
    known: dict[str, Rendered] = {}

    def remembered(catalog: Catalog, answers: Answers, facts: Any = None) -> Rendered:
        key = json.dumps([str(catalog.root), dict(answers), facts], sort_keys=True)
        if key not in known:
            known[key] = render(catalog, answers, facts)
        return known[key]

    return remembered


@pytest.fixture
def real(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renderings: Callable[..., Rendered]
) -> Forge:
    """forge with its own template."""
    for module in (drafts, running):
        monkeypatch.setattr(module, "render", renderings)
    return Forge(tmp_path, REPOSITORY / "templates")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Gives URLs of empty databases: of SQLite, or of a server."""
    if request.param == "sqlite":
        yield of_sqlite(tmp_path)
    else:
        yield from of_postgres()
