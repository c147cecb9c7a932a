"""Answers to tree: what `copier copy --defaults` would write, rendered in memory.

The template is Copier's, and a test holds that both give the same bytes.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pathspec import GitIgnoreSpec

from fastapi_forge.paths import is_safe
from fastapi_forge.template.catalog import Answers, Catalog
from fastapi_forge.template.engine import render_text
from fastapi_forge.template.questionnaire import Questionnaire, RenderError
from fastapi_forge.template.source import Source
from fastapi_forge.tree import File, Tree

_SUFFIX = ".jinja"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What forge would generate: the files, and all answers, the template's defaults among them."""

    tree: Tree
    answers: Answers


def render(catalog: Catalog, answers: Answers, facts: Mapping[str, Any] | None = None) -> Rendered:
    """Render the template with `answers`.

    `facts` are handed to the template without being recorded as answers. Raises RefusedAnswerError
    for an answer that the template refuses, RenderError for a defect of the template.
    """
    given = {key: value for key, value in answers.items() if key in catalog.keys}
    filled = Questionnaire.filled_in(catalog.source, {**given, **(facts or {})})
    return Rendered(_Rendering.of(catalog.source, filled).tree(), filled.recorded)


@dataclass(frozen=True)
class _Rendering:
    """One walk over the template's folders, which its answers name."""

    source: Source
    context: Mapping[str, Any]
    excluded: GitIgnoreSpec

    @classmethod
    def of(cls, source: Source, filled: Questionnaire) -> "_Rendering":
        context = filled.context
        return cls(source, context, GitIgnoreSpec.from_lines(source.settings["exclude"]))

    def tree(self) -> Tree:
        files: dict[str, File] = {}
        made_by: dict[str, str] = {}
        start = self.source.root / str(self.source.settings.get("subdirectory", "."))
        for path, entry in self._walk(start, PurePosixPath()):
            origin = Path(entry.path).relative_to(self.source.root).as_posix()
            if (other := made_by.setdefault(path, origin)) != origin:
                raise RenderError(path, f"`{other}` and `{origin}` both make it")
            if not is_safe(path):
                raise RenderError(origin, f"forge may not write `{path}`")
            executable = bool(entry.stat().st_mode & stat.S_IXUSR)
            files[path] = File(self._content(entry, origin), executable)
        return Tree(files)

    def _walk(self, folder: Path, target: PurePosixPath) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """The files to be made, with where they go."""
        entries = {entry.name: entry for entry in os.scandir(folder)}
        for name, entry in entries.items():
            if f"{name}{_SUFFIX}" in entries:
                continue
            is_folder = entry.is_dir()
            part = self._rendered(name if is_folder else name.removesuffix(_SUFFIX))
            path = target / part
            if not part or (part != "." and self.excluded.match_file(path)):
                continue
            if is_folder:
                yield from self._walk(Path(entry.path), path)
            else:
                yield path.as_posix(), entry

    def _rendered(self, name: str) -> str:
        try:
            return render_text(self.source.environment, name, self.context)
        except Exception as error:
            raise RenderError(name, error) from error

    def _content(self, entry: os.DirEntry[str], origin: str) -> bytes:
        if not entry.name.endswith(_SUFFIX):
            return Path(entry.path).read_bytes()
        try:
            return self.source.environment.get_template(origin).render(self.context).encode()
        except Exception as error:
            raise RenderError(origin, error) from error
