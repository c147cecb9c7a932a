"""base, yours, target → what becomes of each file. Pure: nothing is read or written here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastapi_forge.merging.contents import SETTLE, merge_content
from fastapi_forge.merging.layout import same_code
from fastapi_forge.merging.modules import respelled
from fastapi_forge.merging.pins import has_pins, with_pins_of
from fastapi_forge.merging.renames import find_renames, is_telling, moved_folder, moved_to
from fastapi_forge.merging.tables import same_tables
from fastapi_forge.merging.textmerge import (
    Hunk,
    eol_of,
    is_binary,
    join,
    same_text,
    split,
    with_eol,
)
from fastapi_forge.plan import Action, Change, Conflict, Left
from fastapi_forge.tree import File, Tree

WayBack = Callable[[Sequence[str]], str]
ANSWERS_FILE = ".copier-answers.yml"
MARKED = "settle it between the marks <<<<<<< and >>>>>>>"


@dataclass(frozen=True, slots=True)
class Merged:
    """`outcome` are the generated files as they will be on disk; a conflict keeps yours.

    `moved` are generated paths, with where yours has them.
    """

    outcome: Tree
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of one file; without an action nothing does."""

    path: str
    before: File | None
    after: File | None
    action: Action | None = None
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sides:
    base: Tree
    yours: Tree
    target: Tree
    obstacles: Mapping[str, str]
    renames: Mapping[str, str]
    inline: bool
    eol: bytes
    lists: Collection[str]
    way_back: WayBack


def merge(
    base: Tree,
    yours: Tree,
    target: Tree,
    *,
    inline: bool = False,
    obstacles: Mapping[str, str] | None = None,
    follow_renames: bool = True,
    lists: Collection[str] = (),
    way_back: WayBack = lambda paths: "bring them back",
) -> Merged:
    """Merge three trees.

    `yours` has the files at the paths of base and target, and candidates for renames besides.
    `obstacles` names paths where yours has something that is no regular file, in words ("a symbolic
    link"). With `inline` a conflict comes out as diff3 marks, else as yours. `lists` are the paths
    of the generated files that are lists: where both sides put lines at one place, both are kept.
    `way_back` says what to do about generated files that the user deleted.
    """
    renames = find_renames(base, yours, target) if follow_renames else {}
    base, target = _as_spelled_in(yours, base, target, renames)
    eol = usual_eol(base, yours)
    sides = _Sides(base, yours, target, obstacles or {}, renames, inline, eol, lists, way_back)
    moved = _moved_by_forge(sides)
    paths = {*base, *target} - {*moved, *moved.values()}
    steps = [_step(path, sides) for path in sorted(paths)]
    steps += [step for old, new in sorted(moved.items()) for step in _carried(old, new, sides)]
    return Merged(
        outcome=Tree({step.path: step.after for step in steps if step.after is not None}),
        changes=tuple(
            Change(step.path, step.action, step.before, step.after)
            for step in sorted(steps, key=lambda step: step.path)
            if step.action is not None
        ),
        conflicts=tuple(
            conflict if inline else replace(conflict, left=None)
            for step in steps
            for conflict in step.conflicts
        ),
        notices=tuple(notice for step in steps for notice in step.notices),
        moved=moved_to(base, yours, renames),
    )


def _as_spelled_in(
    yours: Tree, base: Tree, target: Tree, renames: Mapping[str, str]
) -> tuple[Tree, Tree]:
    """Base and target with renamed modules by the names that the files of yours have for them."""
    if not renames:
        return base, target
    mine = Tree({path: yours[p] for path in base if (p := renames.get(path, path)) in yours})
    renamed = respelled(mine, renames)
    old_names = [path for path in mine if renamed[path] != mine[path]]
    return respelled(base, renames, old_names), respelled(target, renames, old_names)


def usual_eol(base: Tree, yours: Tree) -> bytes:
    """The line ending that new files get: that of most generated files in yours."""
    texts = [yours[path].content for path in base if path in yours]
    crlf = sum(eol_of(text) == b"\r\n" for text in texts if not is_binary(text))
    return b"\r\n" if crlf * 2 > len(texts) else b"\n"


def _step(path: str, sides: _Sides) -> _Step:
    where = sides.renames.get(path, path)
    yours = sides.yours.get(where)
    if sides.base.get(path) == sides.target.get(path):
        return _Step(where, yours, yours)
    if (obstacle := _obstacle(path, where, sides)) is not None:
        reason = f"{obstacle}, and forge changes the file `{path}`"
        return _refused(where, yours, reason, sides)
    if yours is None:
        return _absent(path, sides)
    if path not in sides.target:
        return _dropped(path, where, yours, sides)
    return _present(path, where, yours, sides)


def _present(path: str, where: str, yours: File, sides: _Sides) -> _Step:
    base, target = sides.base.get(path), sides.target[path]
    if path == ANSWERS_FILE:
        content = _as_usual(target.content, eol_of(yours.content))
        return _changed(where, yours, File(content, yours.executable), yours)
    if base is None:
        return _both_added(where, yours, target, sides)
    return _both_have(path, base, yours, target, sides)


def _obstacle(path: str, where: str, sides: _Sides) -> str | None:
    """What stands in the way of writing a file, in words."""
    if where in sides.obstacles:
        return sides.obstacles[where]
    parent = path.rpartition("/")[0]
    while parent and path in sides.target:
        leaves = parent in sides.base and parent not in sides.target
        if parent in sides.yours and not (leaves and sides.yours[parent] == sides.base[parent]):
            return f"`{parent}` is a file of yours"
        parent = parent.rpartition("/")[0]
    return None


def _moved_by_forge(sides: _Sides) -> dict[str, str]:
    """Edited files that target has at other paths, known by their likeness or their tables."""
    edited = Tree(
        {
            path: file
            for path, file in sides.base.items()
            if path not in sides.target
            and (yours := sides.yours.get(path)) is not None
            and not _is_unedited(path, file, yours)
        }
    )
    free = Tree(
        {
            path: file
            for path, file in sides.target.items()
            if not (path in sides.base or path in sides.yours or _obstacle(path, path, sides))
        }
    )
    if not edited:
        return {}
    alike = find_renames(edited, free, Tree())
    left = edited.without(alike), free.without(alike.values())
    return alike | same_tables(*left)


def _carried(old: str, new: str, sides: _Sides) -> tuple[_Step, _Step]:
    """The user's edit of a file carried to the path that the file has in target."""
    yours = sides.yours[old]
    merged = _both_have(new, sides.base[old], yours, sides.target[new], sides)
    if merged.conflicts and not sides.inline:
        conflicts = tuple(
            replace(one, path=old, reason=f"{one.reason}, and forge moves the file to `{new}`")
            for one in merged.conflicts
        )
        return _Step(old, yours, yours, Action.CONFLICT, conflicts), _Step(new, None, None)
    notice = f"`{old}` is `{new}` in the template from now on: your edit of it went along"
    action = Action.CONFLICT if merged.conflicts else Action.MERGE
    return (
        _Step(old, yours, None, Action.DELETE, notices=(notice, *merged.notices)),
        _Step(new, None, merged.after, action, merged.conflicts),
    )


def _absent(path: str, sides: _Sides) -> _Step:
    target = sides.target.get(path)
    if target is None:
        return _Step(path, None, None)
    if path in sides.base:
        notice = f"`{path}` stays deleted; to have it back: forge restore {path}"
        return _Step(path, None, None, Action.KEEP, notices=(notice,))
    new = File(_as_usual(target.content, sides.eol), target.executable)
    moved = moved_folder(path, sides.base, sides.yours, sides.renames)
    if moved is None:
        return _Step(path, None, new, Action.CREATE)
    gone, remedy = f"moved to `{moved.to}/`", "move them back"
    if not moved.to:
        inside = [old for old in sides.base if old.startswith(f"{moved.path}/")]
        gone, remedy = "deleted", sides.way_back(inside)
    later = "" if sides.inline else "run again with --conflicts=inline, and "
    conflict = Conflict(
        path,
        None,
        f"forge adds it to `{moved.path}/`, whose files you {gone}",
        f"{remedy}; or {later}move the new file yourself",
        target=_shown(target),
        left=Left.MEND,
    )
    return _Step(path, None, new if sides.inline else None, Action.CONFLICT, (conflict,))


def _as_usual(content: bytes, eol: bytes) -> bytes:
    return content if is_binary(content) else with_eol(content, eol)


def _dropped(path: str, where: str, yours: File, sides: _Sides) -> _Step:
    base = sides.base[path]
    if _is_unedited(path, base, yours) and (where == path or is_telling(base.content)):
        return _Step(where, yours, None, Action.DELETE)
    did = "edited it" if where == path else f"renamed it from `{path}`"
    conflict = Conflict(
        where,
        None,
        f"forge drops this file, and you {did}",
        "it is yours alone from now on"
        if sides.inline
        else "delete it yourself, or run again with --conflicts=inline to keep it as your own",
        _shown(base),
        _shown(yours),
        left=Left.KEPT,
    )
    return _Step(where, yours, yours, Action.CONFLICT, (conflict,))


def _is_unedited(path: str, base: File, yours: File) -> bool:
    """Whether nobody but a formatter, or a bot that raises pins, touched the file."""
    if same_text(base.content, yours.content):
        return True
    if has_pins(path):
        return same_text(with_pins_of(yours.content, base.content, base.content), yours.content)
    return path.endswith(".py") and same_code(base.content, yours.content)


def _both_added(where: str, yours: File, target: File, sides: _Sides) -> _Step:
    if same_text(yours.content, target.content):
        return _Step(where, yours, yours)
    can_mark = not is_binary(yours.content) and not is_binary(target.content)
    left = Left.MARKED if can_mark else Left.KEPT
    advice = "move yours elsewhere, or run again with --conflicts=inline to settle it by hand"
    conflict = Conflict(
        where,
        None,
        "forge adds this file, and you have one of your own there",
        _settling(advice, where, left, sides),
        None,
        _shown(yours),
        _shown(target),
        left,
    )
    after = yours
    if sides.inline and can_mark:
        new = with_eol(target.content, eol_of(yours.content))
        hunk = Hunk(1, (), split(yours.content), split(new), None)
        after = File(join([hunk], yours.content), yours.executable)
    return _Step(where, yours, after, Action.CONFLICT, (conflict,))


def _both_have(path: str, base: File, yours: File, target: File, sides: _Sides) -> _Step:
    where = sides.renames.get(path, path)
    executable = target.executable if yours.executable == base.executable else yours.executable
    if same_text(base.content, target.content) or same_text(yours.content, target.content):
        return _changed(where, yours, File(yours.content, executable), base)
    if same_text(yours.content, base.content):
        content = _as_usual(target.content, eol_of(yours.content))
        return _changed(where, yours, File(content, executable), base)
    contents = (base.content, yours.content, target.content)
    merged = merge_content(where, *contents, is_list=path in sides.lists)
    if merged.conflicts:
        marked = sides.inline and merged.content is not None
        after = File(merged.content or b"", executable) if marked else yours
        conflicts = tuple(
            replace(one, advice=_settling(one.advice, where, one.left or Left.KEPT, sides))
            for one in merged.conflicts
        )
        return _Step(where, yours, after, Action.CONFLICT, conflicts, merged.notices)
    after = File(merged.content or b"", executable)
    unchanged = Action.KEEP if merged.notices else None
    action = Action.MERGE if after != yours else unchanged
    return _Step(where, yours, after, action, notices=merged.notices)


def _changed(where: str, yours: File, after: File, base: File | None) -> _Step:
    if after == yours:
        return _Step(where, yours, yours)
    edited = base is not None and not same_text(base.content, yours.content)
    return _Step(where, yours, after, Action.MERGE if edited else Action.CHANGE)


def _refused(where: str, yours: File | None, reason: str, sides: _Sides) -> _Step:
    advice = _settling(SETTLE, where, Left.KEPT, sides)
    conflict = Conflict(where, None, reason, advice, left=Left.KEPT)
    return _Step(where, yours, yours, Action.CONFLICT, (conflict,))


def _settling(advice: str, where: str, left: Left, sides: _Sides) -> str:
    """What to do about a conflict: before anything is written, or after it was."""
    if not sides.inline:
        return advice
    if left is Left.MARKED:
        return MARKED
    return f"to have forge's, move yours away, then: forge restore {where}"


def _shown(file: File | None) -> str | None:
    """A side of a conflict as text; None where there is none or it is binary."""
    if file is None or is_binary(file.content):
        return None
    return file.content.decode("utf-8", "replace")
