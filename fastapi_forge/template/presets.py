"""Answers that lie in files: those of `--answers`, forge's presets and the user's own."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from fastapi_forge.errors import UsageError
from fastapi_forge.template.catalog import PROJECT_NAME, Answer, Catalog, Feature
from fastapi_forge.template.wishes import (
    BadAnswerError,
    UnknownNameError,
    check_kind,
    check_value,
    wishes,
)


class AnswersFileError(UsageError):
    """The file named by `--answers` (or a preset of the user's) can't be used."""

    code = "answers-file"


def read_answers(catalog: Catalog, source: Path, text: str) -> dict[str, Answer]:
    """The answers in a YAML, TOML or JSON text; `source` gives the format and the words of errors.

    Features are said as `name: true` or `name: kind`, the project's name as `name`.
    """
    try:
        content = _parse(source, text)
    except RecursionError:
        raise AnswersFileError(
            f"`{source}` is nested too deeply", "write one `name: value` a line"
        ) from None
    except (ValueError, tomllib.TOMLDecodeError) as error:
        reason = " ".join(str(error).split())
        raise AnswersFileError(
            f"`{source}` can't be parsed: {reason}", "check its syntax"
        ) from error
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise AnswersFileError(f"`{source}` holds no mapping", "write one `name: value` a line")
    return dict(_said(catalog, content))


def _parse(source: Path, text: str) -> object:
    match source.suffix:
        case ".json":
            return json.loads(text)
        case ".toml":
            return tomllib.loads(text)
        case _:
            import yaml  # noqa: PLC0415

            try:
                return yaml.load(text, yaml.CSafeLoader)
            except yaml.YAMLError as error:
                raise ValueError(error) from error


def _said(catalog: Catalog, content: Mapping[str, object]) -> Iterator[tuple[str, Answer]]:
    for raw, value in content.items():
        key = str(raw)
        if value is not None and not isinstance(value, str | bool | int | float):
            raise BadAnswerError(f"`{key}` holds no plain value", "a text, a number, true or false")
        if key in ("name", PROJECT_NAME):
            yield PROJECT_NAME, str(value)
        elif question := catalog.question(key):
            yield key, check_value(question, value)
        elif feature := catalog.feature_called(key.removeprefix("with_")):
            yield from _said_of(feature, value)
        elif key.endswith("_kind") and (
            feature := catalog.feature_called(key.removesuffix("_kind"))
        ):
            yield feature.kind_key, check_kind(feature, str(value))
        else:
            known = ("name", *catalog.features, *(q.name for q in catalog.questions))
            raise UnknownNameError("answer", key, known)


def _said_of(feature: Feature, value: object) -> Iterator[tuple[str, Answer]]:
    if isinstance(value, bool):
        yield feature.key, value
    else:
        yield feature.key, True
        yield feature.kind_key, check_kind(feature, str(value))


def preset(
    catalog: Catalog, name: str, own: Mapping[str, Mapping[str, object]]
) -> dict[str, Answer]:
    """The answers of a preset; one of the user's own goes before forge's.

    A preset settles every feature: what it doesn't name is off. Features of forge's presets that
    the template doesn't have are passed over.
    """
    said: dict[str, Answer] = {feature.key: False for feature in catalog.features.values()}
    if name in own:
        return said | dict(_said(catalog, own[name]))
    if name not in catalog.presets:
        raise UnknownNameError("preset", name, [*catalog.presets, *own])
    return said | wishes(catalog, catalog.preset_features(name))


def own_presets(path: Path) -> dict[str, Mapping[str, object]]:
    """The `[presets.NAME]` tables of the user's configuration file; none without a file."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("presets", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise AnswersFileError(
            f"`{path}` can't be read: {reason}", "mend the file or move it"
        ) from error
    return {str(name): table for name, table in tables.items() if isinstance(table, dict)}
