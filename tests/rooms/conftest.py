"""Rendered projects for the tests of single rooms."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import copier
import covertable
import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

Render: TypeAlias = Callable[..., Path]


@pytest.fixture(scope="session")
def render(tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Renders the project of some answers, once: `render(ci=True, database="postgres")`.

    A feature's name stands for its `with_` question, or with a kind for both questions. The
    tree is shared: tests must not change it.
    """
    known: dict[str, Path] = {}

    def render(**features: bool | str) -> Path:
        key = repr(sorted(features.items()))
        if key not in known:
            known[key] = tmp_path_factory.mktemp("project") / "demo"
            copier.run_copy(
                str(TEMPLATES),
                known[key],
                data={"project_name": "demo", **answers(features)},
                defaults=True,
                quiet=True,
                settings=copier.Settings(),
            )
        return known[key]

    return render


def covering(**factors: list[bool | str]) -> list[dict[str, bool | str]]:
    """Choices in which every two values of different factors meet."""
    return [dict(row) for row in covertable.make(factors, strength=2)]


def named(features: dict[str, bool | str]) -> str:
    """What a test of these features is called: `auth+nginx=socket+database=sqlite`."""
    on = [name if value is True else f"{name}={value}" for name, value in features.items() if value]
    return "+".join(sorted(on))


def answers(features: dict[str, bool | str]) -> dict[str, bool | str]:
    given: dict[str, bool | str] = {}
    for name, value in features.items():
        if name in ("database", "python", "license"):
            given[name] = value
            continue
        given[f"with_{name}"] = bool(value)
        if isinstance(value, str):
            given[f"{name}_kind"] = value
    return given
