"""Prints the schema in one order: `python -m app.graphql > schema.graphql`."""

from graphql import build_schema, lexicographic_sort_schema, print_schema

from app.graphql.schema import sdl

print(print_schema(lexicographic_sort_schema(build_schema(sdl()))))
