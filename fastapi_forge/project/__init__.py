"""A project on disk: its lock, its files, and writing all of them or none."""
