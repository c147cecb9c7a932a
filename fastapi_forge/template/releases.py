"""What an operator notices after an update: `templates/changes.yml` since a project's version."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from fastapi_forge.template.catalog import Answers, Catalog
from fastapi_forge.template.source import BrokenTemplateError

BASE = "base"


@dataclass(frozen=True, slots=True)
class Notable:
    """One change of a release that shows in a deployment.

    `restore` is the setting that brings the old behaviour back, empty where there is none; `gained`
    and `lost` are keys of the environment.
    """

    version: str
    feature: str
    notice: str
    restore: str = ""
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def notable_since(catalog: Catalog, version: str, answers: Answers) -> list[Notable]:
    """What changed after `version` in the base and in the features that `answers` have on.

    `FORGE_TEST_SINCE` stands in for `version`. Raises BrokenTemplateError.
    """
    since = _numbers(os.environ.get("FORGE_TEST_SINCE") or version)
    names = {BASE, *(feature.name for feature in catalog.on(answers))}
    return [
        change
        for change in _changes(catalog)
        if _numbers(change.version) > since and change.feature in names
    ]


def _changes(catalog: Catalog) -> Iterator[Notable]:
    path = catalog.root / "changes.yml"
    if not path.is_file():
        return
    try:
        releases = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or []
        for release in releases:
            for change in release["changes"]:
                yield Notable(
                    str(release["version"]),
                    change.get("feature", BASE),
                    change["notice"],
                    change.get("restore") or "",
                    tuple(change.get("gained") or ()),
                    tuple(change.get("lost") or ()),
                )
    except (yaml.YAMLError, KeyError, TypeError, OSError) as error:
        raise BrokenTemplateError(path, " ".join(str(error).split())) from error


def _numbers(version: str) -> tuple[int, ...]:
    """A version as it is ordered; what isn't a number counts as zero."""
    parts = (part.strip() for part in version.split("."))
    return tuple(int(part) if part.isdigit() else 0 for part in parts)
