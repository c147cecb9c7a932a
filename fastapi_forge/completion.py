"""Shell completion, answered from the commands' data before Typer is loaded."""

from collections.abc import Sequence


def requested(arguments: Sequence[str]) -> bool:
    return False


def answer(arguments: Sequence[str]) -> int:
    return 0
