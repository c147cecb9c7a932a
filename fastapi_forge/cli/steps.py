"""What to run next, true for this machine and this project."""

import os
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi_forge import signals
from fastapi_forge.errors import ForgeError
from fastapi_forge.git import place_in_repository
from fastapi_forge.project.reading import content_of
from fastapi_forge.project.revisions import Revision
from fastapi_forge.template.catalog import Answers, Catalog, Feature, Told
from fastapi_forge.template.migrations import is_revision
from fastapi_forge.template.render import Rendered
from fastapi_forge.verbs.creation import Place


class InstallError(ForgeError):
    """`uv` failed, or is missing; the project itself is in order."""

    code = "install"


class InstallInterruptedError(InstallError):
    """The user broke `uv` off; the project itself is in order."""

    code = "interrupted"
    exit_code = 130


def after_new(
    catalog: Catalog,
    place: Place,
    rendered: Rendered,
    *,
    came_by: Sequence[str] = (),
    installed: bool,
) -> Iterator[str]:
    """From an empty terminal to a running service; `came_by` are the directories of `-C`."""
    yield from _way("." if place.target == Path.cwd() else place.shown, came_by)
    if not installed:
        yield from _installing()
    yield from map(_on_this_machine, _of_first_answers(catalog, rendered.answers))
    of_features = list(_of_features(catalog, {}, rendered.answers))
    has_tables = any(is_revision(path) for path in rendered.tree)
    if has_tables and of_features:
        yield _in_environment("alembic upgrade head")
    yield from _of_monorepo(place.target, rendered.tree)
    yield from of_features
    yield _in_environment("fastapi dev")


def in_project(root: Path, came_by: Sequence[str], then: Iterable[str]) -> Iterator[str]:
    """The steps, after the one into the project for a user who is elsewhere."""
    todo = list(then)
    if todo:
        yield from _way(os.path.relpath(root), came_by)
    yield from todo


def _way(place: str, came_by: Sequence[str]) -> Iterator[str]:
    """`cd` to a place that is said from the directory which `-C` led to."""
    way = os.path.normpath(Path(*came_by, place))
    if way != ".":
        yield f"cd {shlex.quote(way)}"


def at_places(todo: Iterable[str], moved: Mapping[str, str]) -> Iterator[str]:
    """The steps with generated files named by the places to which the user moved them."""
    return (" ".join(moved.get(word, word) for word in step.split(" ")) for step in todo)


def after_change(
    catalog: Catalog,
    root: Path,
    before: Answers,
    after: Answers,
    changed: Collection[str],
    *,
    migrates: bool,
    first: Iterable[str] = (),
    by_hand: Iterable[str] = (),
    restyled: bool,
    installed: bool,
) -> Iterator[str]:
    """What a change of the project asks for: a new lock, a migration, a setting.

    `migrates` says that revisions came; `by_hand` are commands that make revisions of the user's
    own, after those that came; `first` is to be done before any. `restyled`: the project formats
    its code as forge doesn't.
    """
    if "pyproject.toml" in changed and not installed:
        yield "uv lock" if _has_uv() else "pip install --group dev ."
    if restyled and any(path.endswith(".py") for path in changed):
        sort, layout = map(_in_environment, ("ruff check --select I --fix", "ruff format"))
        yield f"{sort} && {layout}  # the new code in your own style"
    yield from first
    of_answers = [*map(_on_this_machine, _of_answers(catalog, before, after))]
    yield from of_answers
    migrating = _in_environment("alembic upgrade head")
    if migrates and migrating not in of_answers:
        yield migrating
    yield from (_in_environment(command) for command in by_hand)
    if any(_added(catalog, before, after)):
        yield from _of_monorepo(root, changed)
    yield from _of_features(catalog, before, after)
    yield from map(_on_this_machine, _of_serving(catalog, before, after))


def after_undo(gone: Sequence[Revision]) -> Iterator[str]:
    """How a database goes back that has the revisions that went: Alembic needs their files."""
    if gone:
        back = _in_environment(f"alembic downgrade {next(iter(gone[0].parents), 'base')}")
        them = "it" if len(gone) == 1 else "them"
        yield (
            f"where a database has {them} already: repeat what you took back,"
            f" {back}, then forge undo"
        )


def is_restyled(root: Path, rendered: Rendered) -> bool:
    """Whether the project has other rules of Ruff than those that forge writes its code by."""
    if any((root / name).is_file() for name in ("ruff.toml", ".ruff.toml")):
        return True
    pyproject = content_of(root / "pyproject.toml")
    if pyproject is None:
        return False
    try:
        mine = _rules(pyproject.decode())
    except (ValueError, AttributeError, RecursionError):
        return False
    return mine != _rules(rendered.tree["pyproject.toml"].content.decode())


def _rules(pyproject: str) -> tuple[Any, ...]:
    """What Ruff's formatter goes by."""
    rules = tomllib.loads(pyproject).get("tool", {}).get("ruff", {})
    return tuple(rules.get(key) for key in ("line-length", "indent-width", "format"))


def _of_monorepo(root: Path, paths: Iterable[str]) -> Iterator[str]:
    """GitHub reads workflows at the root of the repository alone."""
    if any(path.startswith(".github/") for path in paths) and (place := place_in_repository(root)):
        yield f"move .github/ to the repository's root, its jobs with working-directory: {place}"


def _of_features(catalog: Catalog, before: Answers, after: Answers) -> Iterator[str]:
    for feature in _added(catalog, before, after):
        yield from (_on_this_machine(step) for step in feature.next_steps)


def _added(catalog: Catalog, before: Answers, after: Answers) -> Iterator[Feature]:
    return (each for each in catalog.on(after) if before.get(each.key) is not True)


def _of_first_answers(catalog: Catalog, answers: Answers) -> Iterator[str]:
    """What the base's questions say of the answers that a project begins with."""
    for question in catalog.base_questions:
        yield from _told(question.when_chosen, {str(answers.get(question.name))})


def _of_answers(catalog: Catalog, before: Answers, after: Answers) -> Iterator[str]:
    """What the base's questions say of answers that are others now."""
    for question in catalog.base_questions:
        answer = after.get(question.name)
        if before.get(question.name, answer) != answer:
            keys = {str(answer), *_staying(catalog, before, after)}
            yield from _told(question.when_changed, keys)


def _of_serving(catalog: Catalog, before: Answers, after: Answers) -> Iterator[str]:
    """What the features say to a project that serves already, and to those whom it serves."""
    staying = _staying(catalog, before, after)
    for feature in catalog.features.values():
        was, is_now = (_kind(catalog, feature, answers) for answers in (before, after))
        if was == is_now:
            continue
        told = feature.when_changed if was else feature.when_added
        yield from _told(told if is_now else feature.when_removed, {"on", is_now or was, *staying})


def _kind(catalog: Catalog, feature: Feature, answers: Answers) -> str | None:
    """The feature's kind, `on` where it has but one, None where it is off."""
    if answers.get(feature.key) is not True:
        return None
    return catalog.kind_of(feature, answers) or "on"


def _staying(catalog: Catalog, before: Answers, after: Answers) -> set[str]:
    return {feature.name for feature in catalog.on(before) if after.get(feature.key) is True}


def _told(by_key: Told, keys: Collection[str | None]) -> Iterator[str]:
    return (step for key, steps in by_key.items() if key in keys for step in steps)


def _on_this_machine(step: str) -> str:
    """A step of the catalogue, run in the project's environment as this machine does it."""
    command = step.removeprefix("uv run ")
    return _in_environment(command) if command != step or step.startswith("python ") else step


def _has_uv() -> bool:
    return shutil.which("uv") is not None


def _in_environment(command: str) -> str:
    return f"uv run {command}" if _has_uv() else command


def _installing() -> tuple[str, ...]:
    """How to make the project's environment; uv does it by itself with the first `uv run`."""
    if _has_uv():
        return ()
    return ("python3 -m venv .venv", ". .venv/bin/activate", "pip install --group dev .")


def install(root: Path, *, silent: bool = False) -> None:
    """Lock and install the project's dependencies; what uv says goes to stderr unless `silent`.

    Raises InstallError, InstallInterruptedError.
    """
    if not _has_uv():
        raise InstallError(
            "`uv` is not installed; the files are written", "install uv, then: uv sync"
        )
    again = f"uv sync --directory {shlex.quote(str(root))}"
    try:
        with signals.interruptible():
            done = subprocess.run(
                ["uv", "sync"],
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL if silent else None,
                check=False,
            )
    except KeyboardInterrupt:
        reason = "interrupted while installing; the files are written"
        raise InstallInterruptedError(reason, again) from None
    if done.returncode:
        raise InstallError("`uv sync` failed; the files are written", again)
