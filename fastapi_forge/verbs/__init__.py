"""What forge does to a project: create, add, remove, update, restore, look into."""
