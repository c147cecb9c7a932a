"""Databases that have no schemas."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.main import create_app
from app.tenancy.__main__ import main

pytestmark = pytest.mark.usefixtures("sqlite")


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'app.db'}")


async def test_start_is_refused(tmp_path: Path) -> None:
    app = create_app()

    with pytest.raises(ValueError, match="DATABASE_URL"):
        async with app.router.lifespan_context(app):
            pass
    assert os.listdir(tmp_path) == []


async def test_commands_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tenancy", "create", "acme"])

    assert await asyncio.to_thread(main) == 1
    assert "DATABASE_URL" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []
