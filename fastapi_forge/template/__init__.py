"""The template: what can be chosen, and the tree that a choice gives."""
