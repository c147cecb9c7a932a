"""Base, yours and target become one tree, or conflicts."""
