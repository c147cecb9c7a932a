"""Prints the schema: `python -m app.graphql > schema.graphql`."""

from app.graphql.schema import sdl

print(sdl())
