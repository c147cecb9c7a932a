"""From trees to a plan: the merge, and what goes with it into one transaction."""

from collections.abc import Collection, Iterable, Mapping

from fastapi_forge.errors import UsageError
from fastapi_forge.merging.merge import WayBack, merge
from fastapi_forge.plan import Action, Change, Conflict, Left, Plan
from fastapi_forge.project.lock import LOCK_NAME
from fastapi_forge.tree import File, Tree


def plan_merge(
    base: Tree,
    yours: Tree,
    target: Tree,
    *,
    lock: bytes,
    lock_before: File | None = None,
    appended: Tree | None = None,
    obstacles: Mapping[str, str] | None = None,
    inline: bool = False,
    lists: Collection[str] = (),
    way_back: WayBack = lambda paths: "bring them back",
    notices: Iterable[str] = (),
) -> Plan:
    """Plan a verb.

    `lock` is the new `forge.lock`, `lock_before` that on disk. `appended` are files outside the
    merge that forge only ever adds (migrations): one that yours has otherwise is a conflict.
    `lists` and `way_back` as `merge` takes them.
    """
    merged = merge(
        base, yours, target, inline=inline, obstacles=obstacles, lists=lists, way_back=way_back
    )
    added = [
        _append(path, yours.get(path), file, obstacles or {}, inline=inline)
        for path, file in (appended or Tree()).items()
    ]
    new_lock = File(lock, False if lock_before is None else lock_before.executable)
    changes = [*merged.changes, *(change for change, _ in added if change is not None)]
    if lock_before != new_lock:
        action = Action.CREATE if lock_before is None else Action.CHANGE
        changes.append(Change(LOCK_NAME, action, lock_before, new_lock))
    return Plan(
        changes=tuple(sorted(changes, key=lambda change: change.path)),
        outcome=Tree({**merged.outcome, **(appended or {}), LOCK_NAME: new_lock}),
        conflicts=(*merged.conflicts, *(conflict for _, conflict in added if conflict is not None)),
        notices=(*notices, *merged.notices),
        moved=merged.moved,
    )


def _append(
    path: str, yours: File | None, new: File, obstacles: Mapping[str, str], *, inline: bool
) -> tuple[Change | None, Conflict | None]:
    if path not in obstacles and yours is None:
        return Change(path, Action.CREATE, None, new), None
    if yours is not None and yours.content == new.content:
        return None, None
    conflict = Conflict(
        path,
        None,
        "forge adds this revision, and you have something else there",
        "take it all back (forge undo), and move yours" if inline else "move yours",
        left=Left.KEPT if inline else None,
    )
    return Change(path, Action.CONFLICT, yours, yours), conflict


def plan_restore(base: Tree, yours: Tree, paths: Iterable[str]) -> Plan:
    """Plan to bring deleted generated files back, as they were last generated.

    A folder stands for the generated files in it. A file that is there, but edited, is a conflict.
    Raises UsageError for a path that forge did not generate.
    """
    wanted = sorted({path for asked in paths for path in _expand(base, asked)})
    changes, conflicts = [], []
    for path in wanted:
        now = yours.get(path)
        if now is None:
            changes.append(Change(path, Action.CREATE, None, base[path]))
        elif now.content != base[path].content:
            changes.append(Change(path, Action.CONFLICT, now, now))
            conflicts.append(
                Conflict(path, None, "it is there, and you edited it", "move yours away first")
            )
    outcome = Tree({path: yours.get(path) or base[path] for path in wanted})
    return Plan(tuple(changes), outcome, tuple(conflicts))


def _expand(base: Tree, asked: str) -> list[str]:
    clean = asked.rstrip("/")
    found = [path for path in base if path == clean or path.startswith(clean + "/")]
    if not found:
        raise UsageError(
            f"forge did not generate `{asked}`",
            "name a path relative to the project; `forge diff` lists what is missing",
        )
    return found
