"""Versioning."""
