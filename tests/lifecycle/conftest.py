"""forge with the toy template, and with the real one."""

from tests.cli.conftest import forge, project, toy

__all__ = ["forge", "project", "toy"]
