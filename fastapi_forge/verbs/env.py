"""`.env`, the settings of one machine: what forge writes into it, and says of it.

Its secrets are in no plan that is shown; `.env.example` lists every setting and is merged.
"""

import secrets
from collections.abc import Iterable, Iterator

from fastapi_forge.merging.envfile import key_of
from fastapi_forge.merging.textmerge import eol_of, split, with_eol
from fastapi_forge.plan import Action, Change
from fastapi_forge.template.catalog import Answers, Catalog
from fastapi_forge.tree import File, Tree

ENV_NAME = ".env"
_EXAMPLE = ".env.example"
_HEAD = "# The settings of this machine; git leaves this file out. .env.example lists every one.\n"


def first_env(catalog: Catalog, answers: Answers) -> File:
    """A `.env` with a fresh secret for every setting that needs one."""
    return File((_HEAD + _fresh(secret_keys(catalog, answers))).encode())


def secret_keys(catalog: Catalog, answers: Answers) -> tuple[str, ...]:
    """The settings that hold a secret of the project's own."""
    of_features = (key for feature in catalog.on(answers) for key in feature.secrets)
    return tuple(dict.fromkeys([*catalog.secrets, *of_features]))


def lacking_secrets(
    env: File | None, catalog: Catalog, before: Answers, after: Answers
) -> tuple[str, ...]:
    """The secrets that come with a change of answers and are not set; none without a `.env`."""
    if env is None:
        return ()
    had = secret_keys(catalog, before)
    lines = (line.lstrip() for line in split(env.content))
    present = {key.decode().upper() for line in lines if (key := key_of(line))}
    return tuple(k for k in secret_keys(catalog, after) if k not in had and k not in present)


def with_secrets(env: File, keys: Iterable[str]) -> Change:
    """`.env` with a fresh secret for each key appended."""
    text, eol = env.content, eol_of(env.content)
    if text and not text.endswith(b"\n"):
        text += eol
    added = File(text + with_eol(_fresh(keys).encode(), eol), env.executable)
    return Change(ENV_NAME, Action.CHANGE, env, added)


def notices(base: Tree, target: Tree, lacking: Iterable[str]) -> Iterator[str]:
    """Which settings come and go, for whoever runs the project elsewhere, and which come here."""
    before, after = _listed(base.get(_EXAMPLE)), _listed(target.get(_EXAMPLE))
    if gained := [key for key in after if key not in before]:
        yield f"environment keys gained: {', '.join(gained)}"
    if lost := [key for key in before if key not in after]:
        yield f"environment keys lost: {', '.join(lost)}"
    if here := list(lacking):
        yield f"{ENV_NAME} gains a fresh {' and '.join(here)}"


def _fresh(keys: Iterable[str]) -> str:
    return "".join(f"{key}={secrets.token_urlsafe(32)}\n" for key in keys)


def _listed(example: File | None) -> list[str]:
    """The settings of `.env.example`, those with a default being commented."""
    lines = example.content.decode("utf-8", "replace").splitlines() if example else []
    named = (line.lstrip("# ").partition("=") for line in lines)
    return [
        key.strip()
        for key, sign, _ in named
        if sign and key.strip().isidentifier() and key.isupper()
    ]
