"""`.env.example` names each setting that the application declares, and no other."""

import os
import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.startup import SETTINGS
from tests import EXAMPLE

SETTING = re.compile("#?[A-Z][A-Z0-9_]*=")


def declared(app: FastAPI) -> set[str]:
    return {
        f"{kind.model_config.get('env_prefix', '')}{name}".upper()
        for kind in app.state.settings
        for name in kind.model_fields
    }


def lines() -> list[str]:
    text = EXAMPLE.read_text("utf-8").splitlines()
    return [line for line in text if SETTING.match(line)]


def listed() -> list[str]:
    return [line.lstrip("#").partition("=")[0] for line in lines()]


def read(file: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv("ENV_FILE", file)
    values: dict[str, object] = {}
    for kind in SETTINGS:
        values |= kind().model_dump(exclude_none=True)
    return values


def test_names_each_setting_once(app: FastAPI) -> None:
    names = listed()

    assert declared(app) - set(names) == set(), "not in .env.example"
    assert set(names) - declared(app) == set(), "no setting"
    assert len(names) == len(set(names))


def test_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in listed():
        monkeypatch.delenv(name, raising=False)
    shown = [line[1:] for line in lines() if line[0] == "#" and line[-1] != "="]
    file = tmp_path / ".env"
    file.write_text("\n".join(shown), "utf-8")

    defaults = read(os.devnull, monkeypatch)
    assert defaults.items() <= read(str(file), monkeypatch).items()
