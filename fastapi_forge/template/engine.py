"""Jinja as Copier sets it up, with what it compiled kept between runs."""

import json
import os
import shlex
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jinja2 import (
    ChoiceLoader,
    FileSystemBytecodeCache,
    FileSystemLoader,
    FunctionLoader,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment

_TEXT = "text:"
_UNDEFINED = {
    "jinja2.Undefined": jinja2.Undefined,
    "jinja2.StrictUndefined": jinja2.StrictUndefined,
}

_FILTERS: Mapping[str, Callable[..., Any]] = {
    "from_yaml": partial(yaml.load, Loader=yaml.CSafeLoader),
    "quote": shlex.quote,
    "to_json": json.dumps,
    "to_nice_yaml": partial(yaml.dump, indent=4, allow_unicode=True, default_flow_style=False),
}
"""Those of Copier's filters that the template uses. It has them from a package under the GPL."""


class _Cache(FileSystemBytecodeCache):
    """Compiled templates in the user's cache; where that can't be written, none are kept."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def environment(root: Path, options: Mapping[str, Any]) -> SandboxedEnvironment:
    """The environment of the template at `root`; `options` are Copier's `_envops`."""
    chosen = dict(options)
    if named := chosen.get("undefined"):
        chosen["undefined"] = _UNDEFINED[named]
    made = SandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(_given_text), FileSystemLoader(root)]),
        bytecode_cache=_cache(options),
        cache_size=-1,
        auto_reload=False,
        **chosen,
    )
    made.filters.update(_FILTERS)
    return made


def render_text(environment: SandboxedEnvironment, text: str, context: Mapping[str, Any]) -> str:
    """A text of `copier.yml`, or a part of a path, that may hold Jinja."""
    if "{" not in text:
        return text
    return environment.get_template(_TEXT + text).render(context)


def _given_text(name: str) -> str | None:
    """A text to compile is its own name, so that it is kept as files are."""
    return name.removeprefix(_TEXT) if name.startswith(_TEXT) else None


def _cache(options: Mapping[str, Any]) -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept, apart for all that they depend on besides their text."""
    parts = (jinja2.__version__, MAGIC_NUMBER, sorted(options.items()))
    name = "jinja-" + sha256(repr(parts).encode()).hexdigest()[:12]
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(home, "forge", name)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_own = _is_own(folder)
    except (OSError, RuntimeError):  # not writable; a user without a home
        return None
    return _Cache(str(folder)) if is_own else None


def _is_own(folder: Path) -> bool:
    """Whether nobody else can put code there: what is compiled runs outside the sandbox."""
    if not hasattr(os, "getuid"):
        return True
    facts = folder.stat()
    return facts.st_uid == os.getuid() and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
