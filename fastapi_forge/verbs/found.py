"""Files of the user's own that are as forge makes them: they stay when their feature goes."""

from fastapi_forge.merging.textmerge import same_text
from fastapi_forge.project.lock import Lock
from fastapi_forge.tree import Tree


def files_found(lock: Lock, yours: Tree, target: Tree) -> frozenset[str]:
    """The paths at which the user had the same file before forge did: known ones, and new ones.

    Where most of what forge adds is there already it is of an earlier run, which version control
    took back but for new files: forge wrote those.
    """
    added = [path for path in target if path not in lock.tree]
    there = {
        path
        for path in added
        if path in yours and same_text(yours[path].content, target[path].content)
    }
    return lock.found | there if 2 * len(there) <= len(added) else lock.found
