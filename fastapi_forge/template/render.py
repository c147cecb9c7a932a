"""Answers → tree. The only module that imports Copier."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi_forge.errors import ForgeError, UsageError
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Answers, Catalog
from fastapi_forge.tree import File, Tree

ANSWERS_FILE = ".copier-answers.yml"


class RefusedAnswerError(UsageError):
    """The template's own check refuses an answer."""

    code = "bad-answer"


class RenderError(ForgeError):
    """The template can't be rendered with these answers: a defect of the template."""

    code = "render"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What forge would generate: the files, and all answers, the template's defaults among them."""

    tree: Tree
    answers: Answers


def render(catalog: Catalog, answers: Answers, facts: Mapping[str, Any] | None = None) -> Rendered:
    """Render the template with `answers`.

    `facts` are handed to the template without being recorded as answers. The user's own Copier
    settings play no part, and neither does git.
    """
    import copier  # noqa: PLC0415
    from copier.errors import CopierError  # noqa: PLC0415
    from jinja2 import TemplateError  # noqa: PLC0415
    from plumbum import local  # noqa: PLC0415

    data = {key: value for key, value in answers.items() if key in catalog.keys} | dict(facts or {})
    with _scratch() as directory:
        target = directory / str(answers.get(PROJECT_NAME, "project"))
        try:
            # Copier asks git for a setting once a file: hidden.
            with local.env(PATH=os.devnull), _without_repetition():
                copier.run_copy(
                    str(catalog.root),
                    target,
                    data=data,
                    defaults=True,
                    overwrite=True,
                    quiet=True,
                    settings=copier.Settings(),
                )
        except (CopierError, TemplateError) as error:
            message = " ".join(str(error).split())
            raise RenderError(
                f"the template can't be rendered: {message}", "report this"
            ) from error
        except ValueError as error:
            message = " ".join(str(error).split())
            raise RefusedAnswerError(
                f"the template refuses an answer: {message}", "forge features"
            ) from error
        tree = read_tree(target)
    return Rendered(tree, _recorded(tree, answers))


@contextmanager
def _without_repetition() -> Iterator[None]:
    """Spare Copier what it does anew for each part of each path, some 2,000 times a rendering.

    What Jinja compiled is kept, and a text without Jinja is taken as it is. Only time depends on
    this: without it every byte is the same. (Copier's tag `yield` needs it anew each time; the
    template has none.)
    """
    from copier._main import Worker  # noqa: PLC0415
    from jinja2 import Environment, Template  # noqa: PLC0415

    compiled: dict[tuple[int, str], Template] = {}
    compile_anew, render_string = Environment.from_string, Worker._render_string

    def from_string(self: Environment, source: Any, *args: Any, **options: Any) -> Template:
        if args or options or not isinstance(source, str):
            return compile_anew(self, source, *args, **options)
        key = (id(self), source)
        if key not in compiled:
            compiled[key] = compile_anew(self, source)
        return compiled[key]

    def plain_or_rendered(self: Worker, string: Any, *args: Any, **options: Any) -> str:
        if isinstance(string, str) and "{" not in string and "\n" not in string:
            return string
        return render_string(self, string, *args, **options)

    with (
        _replaced(Environment, "from_string", from_string),
        _replaced(Worker, "_render_string", plain_or_rendered),
    ):
        yield


@contextmanager
def _replaced(owner: type, name: str, function: Any) -> Iterator[None]:
    before = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, before)


def read_tree(root: Path) -> Tree:
    """All regular files below `root`."""
    files = {}
    for directory, _folders, names in os.walk(root):
        for name in names:
            path = Path(directory, name)
            executable = bool(path.stat().st_mode & stat.S_IXUSR)
            files[path.relative_to(root).as_posix()] = File(path.read_bytes(), executable)
    return Tree(files)


def _recorded(tree: Tree, answers: Answers) -> dict[str, Answer]:
    """The answers as the template recorded them, its own defaults filled in."""
    if ANSWERS_FILE not in tree:
        return dict(answers)
    import yaml  # noqa: PLC0415

    record = yaml.load(tree[ANSWERS_FILE].content, yaml.CSafeLoader) or {}
    return {key: value for key, value in record.items() if not key.startswith("_")}


@contextmanager
def _scratch() -> Iterator[Path]:
    """A directory that is gone afterwards, in memory where the system offers that."""
    memory = Path("/dev/shm")
    parent = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    directory = Path(tempfile.mkdtemp(prefix="forge-", dir=parent))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
