"""forge: a generator of FastAPI projects that keeps serving them after they were edited."""

__version__ = "0.1.0"
COPIER_VERSION = "9.19"
"""The version of Copier that forge renders as."""
