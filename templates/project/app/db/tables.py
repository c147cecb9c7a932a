"""All tables of the application."""

import importlib
import pkgutil

import app


def import_models() -> None:
    """Import every module of models, so that the metadata knows all tables."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
