"""Redis: what it answers."""

NAME = "redis"


def answer() -> str:
    return NAME
