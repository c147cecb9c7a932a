"""The JSON Schema of what `--json` prints; `forge schema` shows it."""

from typing import Any

from fastapi_forge.cli.commands import COMMANDS
from fastapi_forge.output.report import RESULT_VERSION
from fastapi_forge.plan import Action

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_MAYBE_TEXT = {"type": ["string", "null"]}


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


_CHANGE = _object({"path": _TEXT, "action": {"enum": [action.value for action in Action]}})
_CONFLICT = _object(
    {
        "path": _TEXT,
        "line": {"type": ["integer", "null"], "minimum": 1},
        "reason": _TEXT,
        "advice": _TEXT,
        "base": _MAYBE_TEXT,
        "yours": _MAYBE_TEXT,
        "target": _MAYBE_TEXT,
    }
)
_REASONED = _object({"feature": _TEXT, "reason": _TEXT})
_KIND = _object({"value": _TEXT, "label": _TEXT, "hint": _TEXT})
_FEATURE = _object(
    {
        "name": _TEXT,
        "title": _TEXT,
        "description": _TEXT,
        "group": _TEXT,
        "docs": _TEXT,
        "flag": _TEXT,
        "off_flag": _TEXT,
        "kind_flag": _MAYBE_TEXT,
        "kinds": {"type": "array", "items": _KIND},
        "default": {"type": "boolean"},
        "default_kind": _MAYBE_TEXT,
        "aliases": _TEXTS,
        "requires": {"type": "array", "items": _REASONED},
        "conflicts": {"type": "array", "items": _REASONED},
        "example": _TEXT,
    }
)
_QUESTION = _object(
    {
        "name": _TEXT,
        "flag": _TEXT,
        "title": _TEXT,
        "type": _TEXT,
        "choices": {"type": "array", "items": _KIND},
        "default": {},
        "feature": _MAYBE_TEXT,
    }
)
_DATA = _object(
    {
        "notices": _TEXTS,
        "plan": {"type": "array", "items": _CHANGE},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "conflicts": {"type": "array", "items": _CONFLICT},
        "next_steps": _TEXTS,
        "diff": _TEXT,
        "written": {"type": "boolean"},
        "questions": {"type": "array", "items": _QUESTION},
    },
    [],
)
BESIDES = ("help", "version", "completion")
"""What a document may be of besides the commands."""

_ERROR = _object({"code": _TEXT, "message": _TEXT, "hint": _TEXT})


def schema() -> dict[str, Any]:
    """The schema of every document, draft 2020-12."""
    envelope = _object(
        {
            "forge_result_version": {"const": RESULT_VERSION},
            "command": {"enum": ["", *BESIDES, *(command.name for command in COMMANDS)]},
            "status": {"enum": ["ok", "conflicts", "error"]},
            "exit_code": {"enum": [0, 1, 2, 3, 130]},
            "data": _DATA,
            "errors": {"type": "array", "items": _ERROR},
        }
    )
    features = _object({"features": {"type": "array", "items": _FEATURE}, "questions": True})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What forge prints with --json",
        **envelope,
        "additionalProperties": False,
        "if": {"properties": {"command": {"const": "features"}, "status": {"const": "ok"}}},
        "then": {"properties": {"data": features}},
    }
