"""Auth: what it answers."""

NAME = "auth"


def answer() -> str:
    return NAME
