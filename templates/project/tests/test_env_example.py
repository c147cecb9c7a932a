"""`.env.example` names each setting that the application declares, and no other."""

from fastapi import FastAPI

from tests import EXAMPLE


def declared(app: FastAPI) -> set[str]:
    return {
        f"{kind.model_config.get('env_prefix', '')}{name}".upper()
        for kind in app.state.settings
        for name in kind.model_fields
    }


def listed() -> list[str]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    names = [line.lstrip("#").partition("=")[0] for line in lines if "=" in line]
    return [name for name in names if name.isupper()]


def test_names_each_setting_once(app: FastAPI) -> None:
    names = listed()

    assert declared(app) - set(names) == set(), "not in .env.example"
    assert set(names) - declared(app) == set(), "no setting"
    assert len(names) == len(set(names))
