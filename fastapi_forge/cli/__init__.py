"""The command line: what was said becomes the work of a verb, and that an outcome."""
