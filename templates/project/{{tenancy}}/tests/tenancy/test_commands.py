"""The command line."""

import asyncio
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.db.session import shared_sessions
from app.tenancy.__main__ import main
from app.tenancy.models import NEW, Tenant
from tests.conftest import browse


async def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["tenancy", *words])
    return await asyncio.to_thread(main)


async def status_of(app: FastAPI, slug: str) -> int:
    async with browse(app, f"{slug}.localhost") as browser:
        return (await browser.get("/info")).status_code


async def test_new_tenant_is_served_at_once(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await status_of(app, "a-new-one") == 404

    assert await run(monkeypatch, "create", "a-new-one") == 0
    assert await status_of(app, "a-new-one") == 200

    assert await run(monkeypatch, "create", "a-new-one") == 0
    assert "exists already" in capsys.readouterr().out


async def test_tenant_that_was_left_half_made(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_sessions(app).begin() as session:
        session.add(Tenant(slug="half", status=NEW))
    assert await run(monkeypatch, "suspend", "half") == 1
    assert await run(monkeypatch, "resume", "half") == 1
    assert await status_of(app, "half") == 404

    assert await run(monkeypatch, "create", "half") == 0
    assert await status_of(app, "half") == 200


BAD = ["www", "a", "a" * 41, "-a", "a-", "a--b", "A1", "a_b", "a.b", "ä", "", "a'"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("slug", BAD)
async def test_bad_slugs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], slug: str
) -> None:
    assert await run(monkeypatch, "create", "--", slug) == 1
    assert capsys.readouterr().err


@pytest.mark.usefixtures("database")
async def test_own_reserved_slugs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENANCY_RESERVED", '["house"]')

    assert await run(monkeypatch, "create", "house") == 1


async def test_list(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(monkeypatch, "suspend", "globex")
    capsys.readouterr()

    await run(monkeypatch, "list")

    rows = [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()]
    assert rows == [["acme", "active"], ["globex", "suspended"]]


async def test_suspend_and_resume(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await run(monkeypatch, "suspend", "acme") == 0
    assert await status_of(app, "acme") == 404
    assert await run(monkeypatch, "create", "acme") == 1

    assert await run(monkeypatch, "resume", "acme") == 0
    assert await status_of(app, "acme") == 200


async def test_delete(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "files" / "globex"
    gone = tmp_path / "files" / "acme"
    for directory in (kept, gone):
        directory.mkdir(parents=True)

    assert await run(monkeypatch, "delete", "acme") == 1
    assert await status_of(app, "acme") == 200

    assert await run(monkeypatch, "delete", "--yes", "acme") == 0
    assert await status_of(app, "acme") == 404
    assert (kept.exists(), gone.exists()) == (True, False)
    assert await run(monkeypatch, "create", "acme") == 1
    assert await status_of(app, "acme") == 404


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("verb", ["suspend", "resume", "migrate"])
async def test_unknown_tenant(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    assert await run(monkeypatch, verb, "nobody") == 1


@pytest.mark.usefixtures("client")
async def test_migrate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(monkeypatch, "migrate") == 0
    assert "globex: at head" in capsys.readouterr().out
