"""The template's own files: `copier.yml`, what it includes, and the Jinja environment of it all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi_forge.errors import ForgeError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_KNOWN_DETAILS = frozenset({"type", "help", "default", "choices", "when", "validator"})
_UNKNOWN_SETTINGS = frozenset(
    {"external_data", "jinja_extensions", "secret_questions", "templates_suffix", "tasks"}
)


class BrokenTemplateError(ForgeError):
    """The template's own files can't be used: a damaged installation."""

    code = "broken-template"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"`{path}` can't be used: {reason}", "reinstall forge-fastapi")


@dataclass(frozen=True)
class Source:
    """A template of Copier's kind: where it lies, and the documents of its `copier.yml` in order.

    Later documents win over earlier ones, but for `_exclude`, which they add to: as in Copier.
    """

    root: Path
    documents: tuple[Mapping[str, Any], ...]

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """What begins with `_`, the sign left out."""
        found = {key[1:]: value for key, value in self._merged.items() if key.startswith("_")}
        excluded = (document.get("_exclude") or () for document in self.documents)
        return {**found, "exclude": tuple(pattern for each in excluded for pattern in each)}

    @cached_property
    def questions(self) -> Mapping[str, Mapping[str, Any]]:
        """Each question's details, in the order in which the questions are put."""
        return {
            key: details if isinstance(details, dict) else {"default": details}
            for key, details in self._merged.items()
            if not key.startswith("_")
        }

    @cached_property
    def environment(self) -> "SandboxedEnvironment":
        """What renders the template; it keeps what it has compiled."""
        from fastapi_forge.template.engine import environment  # noqa: PLC0415

        return environment(self.root, self.settings.get("envops") or {})

    @cached_property
    def _merged(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for document in self.documents:
            merged.update(document)
        return merged


def template_root() -> Path:
    """Where the templates lie: `FORGE_TEMPLATES`, the installed package's, or the checkout's."""
    if named := os.environ.get("FORGE_TEMPLATES"):
        return Path(named).resolve()
    package = Path(__file__).resolve().parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def read_source(root: Path) -> Source:
    """Read the template at `root`.

    Raises BrokenTemplateError where a file is missing, is no YAML, or asks of Copier what forge
    does not do.
    """
    import yaml  # noqa: PLC0415 - `forge --help` does without

    class Loader(yaml.CSafeLoader):
        """Knows Copier's `!include`, relative to the template's root."""

    def include(_loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Any:
        return yaml.load((root / node.value).read_text("utf-8"), Loader)

    Loader.add_constructor("!include", include)
    path = root / "copier.yml"
    try:
        read = list(yaml.load_all(path.read_text("utf-8"), Loader))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise BrokenTemplateError(path, " ".join(str(error).split())) from error
    source = Source(root, tuple(document or {} for document in read))
    if reason := _objection(source):
        raise BrokenTemplateError(path, reason)
    return source


def _objection(source: Source) -> str:
    """What a template asks for that forge would render otherwise than Copier."""
    if not source.documents:
        return "it is empty"
    if unknown := source.settings.keys() & _UNKNOWN_SETTINGS:
        return f"forge knows no `_{min(unknown)}`"
    for name, details in source.questions.items():
        if unknown := details.keys() - _KNOWN_DETAILS:
            return f"forge knows no `{min(unknown)}` of a question, which `{name}` has"
    return ""
