"""Joins the lookups of one level of a query."""

from strawberry.dataloader import DataLoader

__all__ = ["DataLoader"]
