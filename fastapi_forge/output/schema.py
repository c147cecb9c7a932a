"""The JSON Schema of what `--json` prints, made of the types of `documents`."""

from enum import StrEnum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from fastapi_forge.output.documents import DOCUMENTS, Data, Failed
from fastapi_forge.output.outcome import RESULT_VERSION, Status

_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}
_TEXT = {"type": "string"}


def schema() -> dict[str, Any]:
    """The schema of every document, draft 2020-12."""
    definitions: dict[str, Any] = {}
    envelope = {
        "forge_result_version": {"const": RESULT_VERSION},
        "command": {"enum": ["", *DOCUMENTS]},
        "status": {"enum": [status.value for status in Status]},
        "exit_code": {"enum": [0, 1, 2, 3, 130]},
        "data": {"type": "object", "required": ["notices"]},
        "errors": {
            "type": "array",
            "items": _object({"code": _TEXT, "message": _TEXT, "hint": _TEXT}),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What forge prints with --json",
        **_object(envelope),
        "allOf": [
            _data_of("", Failed, definitions),
            *(_data_of(name, data, definitions) for name, data in DOCUMENTS.items()),
        ],
        "$defs": definitions,
    }


def _data_of(command: str, data: type[Data], definitions: dict[str, Any]) -> dict[str, Any]:
    """What `data` is for a command: its own, or after an error perhaps nothing but notices."""
    own, failed = (_document(one, definitions) for one in (data, Failed))
    return {
        "if": {"properties": {"command": {"const": command}}},
        "then": {
            "if": {"properties": {"status": {"const": Status.OK.value}}},
            "then": {"properties": {"data": own}},
            "else": {"properties": {"data": {"anyOf": [own, failed]}}},
        },
    }


def _document(data: type[Data], definitions: dict[str, Any]) -> dict[str, Any]:
    """The data of a whole document: its notices are always there."""
    reference = _of(data, definitions)
    definition = definitions[data.__name__]
    if "notices" not in definition["required"]:
        definition["required"].append("notices")
    return reference


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of one annotation; each TypedDict is put into `definitions`."""
    if is_typeddict(hint):
        return _reference(hint, definitions)
    arguments = get_args(hint)
    match get_origin(hint):
        case None:
            made = _plain(hint)
        case origin if origin is Literal:
            made = {"enum": list(arguments)}
        case origin if origin is Annotated:
            made = {**_of(arguments[0], definitions), **arguments[1]}
        case origin if origin in (Union, UnionType):
            made = _either(arguments)
        case origin if origin is list:
            made = {"type": "array", "items": _of(arguments[0], definitions)}
        case _:
            made = {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    return made


def _either(hints: tuple[Any, ...]) -> dict[str, Any]:
    """The schema of one of several plain types, or of a value of an enumeration or nothing."""
    if NoneType in hints and len(hints) == 2 and _is_enumeration(hints[0]):
        return {"enum": [*_plain(hints[0])["enum"], None]}
    return {"type": [_NAMES[one] for one in hints]}


def _is_enumeration(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


def _plain(hint: Any) -> dict[str, Any]:
    if _is_enumeration(hint):
        return {"enum": [member.value for member in hint]}
    return {} if hint is Any else {"type": _NAMES[hint]}


def _reference(data: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if data.__name__ not in definitions:
        hints = get_type_hints(data, include_extras=True)
        fields = {name: _of(_required(hint), definitions) for name, hint in hints.items()}
        required = [name for name, hint in hints.items() if _required(hint) is hint]
        definitions[data.__name__] = _object(fields, required)
    return {"$ref": f"#/$defs/{data.__name__}"}


def _required(hint: Any) -> Any:
    """The annotation without its `NotRequired`."""
    return get_args(hint)[0] if get_origin(hint) is NotRequired else hint


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }
