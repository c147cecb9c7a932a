"""CI: what it answers."""

NAME = "ci"


def answer() -> str:
    return NAME
