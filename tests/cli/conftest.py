"""forge, and a toy template for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.terminal import Forge, Terminal, assemble_toy

Opener = Callable[..., Terminal]


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy template, assembled once."""
    return assemble_toy(tmp_path_factory.mktemp("toy") / "template")


@pytest.fixture
def forge(tmp_path: Path, toy: Path) -> Forge:
    """forge with the toy template."""
    return Forge(tmp_path, toy)


@pytest.fixture
def project(forge: Forge) -> Path:
    """A project with the defaults."""
    return forge.new()


@pytest.fixture
def at_terminal(forge: Forge) -> Iterator[Opener]:
    """Opens terminals, and closes them all."""
    opened: list[Terminal] = []

    def open_one(*arguments: str, **options: Any) -> Terminal:
        opened.append(forge.terminal(*arguments, **options))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
