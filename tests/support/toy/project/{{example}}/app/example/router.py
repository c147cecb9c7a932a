"""Example: what it answers."""

NAME = "example"


def answer() -> str:
    return NAME
