"""The script that renews pins, with sources that stand in for the network's."""

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.conftest import ROOT

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("renew_pins", ROOT / ".ci/renew_pins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "renew_pins", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "git_tags", lambda repo: {"v1.2.3": OLD, "v1.10.0": NEW})
    monkeypatch.setattr(module, "registry", lambda name: Registry())
    return module


class Registry:
    def tags(self) -> list[str]:
        return ["latest", "18.6", "18.10", "18.10-alpine", "19.1", "18rc1"]

    def digest(self, tag: str) -> str:
        return f"sha256:{tag.replace('.', '').ljust(64, '0')}"


@pytest.mark.parametrize(
    ("pinned", "renewed"),
    [
        (f"- uses: me/it@{OLD} # v1.2.3", f"- uses: me/it@{NEW} # v1.10.0"),
        (
            f"- repo: https://github.com/me/it\n  rev: {OLD} # frozen: v1.2.3",
            f"- repo: https://github.com/me/it\n  rev: {NEW} # frozen: v1.10.0",
        ),
        ("image: postgres:18.6", "image: postgres:18.10"),
        (f"FROM postgres:18.6@sha256:{'1' * 64}", f"FROM postgres:18.10@sha256:{'1810':0<64}"),
        ("image: demo", "image: demo"),
    ],
)
def test_pins_are_renewed(script: ModuleType, pinned: str, renewed: str) -> None:
    unreachable: list[str] = []

    assert script.renewed(pinned, unreachable) == renewed
    assert unreachable == []


def test_what_is_not_reached_stays_and_is_named(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(repo: str) -> dict[str, str]:
        raise OSError("no network")

    monkeypatch.setattr(script, "git_tags", refuse)
    pinned = f"- uses: me/it@{OLD} # v1.2.3"
    unreachable: list[str] = []

    assert script.renewed(pinned, unreachable) == pinned
    assert "me/it" in unreachable[0]


def test_every_pin_of_the_template_is_known(script: ModuleType) -> None:
    """A line that names an action, hook or image and is no pin would stay old for ever."""
    for path in script.pinned_files():
        text = path.read_text()
        pins = sum(len(pattern.findall(text)) for pattern in script.RENEW)
        named = [
            line
            for line in text.splitlines()
            if line.strip().startswith(("- uses:", "uses:", "rev:", "FROM "))
        ]

        assert pins >= len(named) > 0 or "image:" in text
