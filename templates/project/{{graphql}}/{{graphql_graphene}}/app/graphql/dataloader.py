"""Joins the lookups of one level of a query."""

from aiodataloader import DataLoader

__all__ = ["DataLoader"]
