"""The tables that the source of a module declares, and where they went."""

import re
from collections import Counter

from fastapi_forge.tree import Tree

_DECLARED = re.compile(rb"""^\s+__tablename__[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)


def tables_in(source: bytes) -> frozenset[str]:
    """The tables that the classes of a module declare."""
    return frozenset(name.decode() for name in _DECLARED.findall(source))


def same_tables(old: Tree, new: Tree) -> dict[str, str]:
    """Each old path whose tables are all in one new file, that no other old file has a table in."""
    homes = {table: path for path, file in new.items() for table in tables_in(file.content)}
    found: dict[str, str] = {}
    wanted: Counter[str] = Counter()
    for path, file in old.items():
        tables = tables_in(file.content)
        places = {homes.get(table, "") for table in tables}
        wanted.update(places)
        if len(places) == 1 and (place := places.pop()):
            found[path] = place
    return {path: place for path, place in found.items() if wanted[place] == 1}
