"""nginx: what it answers."""

NAME = "nginx"


def answer() -> str:
    return NAME
