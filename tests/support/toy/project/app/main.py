"""The application."""

from app.settings import NAME


def create_app() -> str:
    """Make the application."""
    return NAME
