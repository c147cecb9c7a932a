"""Outcomes as values, words and JSON, and the one place that writes them."""
