from typing import Any

import pytest

from app.versioning.compatibility import breaking_changes

Json = dict[str, Any]

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
NULL = {"type": "null"}
LIMIT: Json = {
    "in": "query",
    "name": "limit",
    "schema": {"type": "integer", "maximum": 100},
}
THING: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "note": {"anyOf": [TEXT, NULL]},
        "size": {"type": "integer"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
    },
}


def document(
    taken: Json = THING,
    given: Json = THING,
    parameters: tuple[Json, ...] = (LIMIT,),
    path: str = "/things",
    status: str = "200",
    media_type: str = "application/json",
    name: str = "things_create",
    required: bool = False,
) -> Json:
    content = {media_type: {"schema": taken}}
    operation = {
        "operationId": name,
        "parameters": list(parameters),
        "requestBody": {"required": required, "content": content},
        "responses": {status: {"content": {media_type: {"schema": given}}}},
    }
    schemas = {"Thing": THING}
    return {"paths": {path: {"post": operation}}, "components": {"schemas": schemas}}


def thing(**fields: Json | None) -> Json:
    """Return the schema with some fields added, changed or (None) removed."""
    known = {**THING["properties"], **fields}
    properties = {name: schema for name, schema in known.items() if schema is not None}
    return {**THING, "properties": properties}


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (document(path="/stuff"), "POST /things: removed"),
        (document(name="create"), "POST /things: operationId: create"),
        (document(required=True), "POST /things: body: required"),
        (document(status="202"), "POST /things: 200: removed"),
        (
            document(media_type="text/csv"),
            "POST /things: body: application/json: removed",
        ),
        (
            document(media_type="text/csv"),
            "POST /things: 200: application/json: removed",
        ),
        (document(parameters=()), "POST /things: parameter limit (query): removed"),
        (
            document(parameters=({**LIMIT, "required": True},)),
            "POST /things: parameter limit (query): required",
        ),
        (
            document(
                parameters=({**LIMIT, "schema": {"type": "integer", "maximum": 50}},)
            ),
            "POST /things: parameter limit (query): maximum: 50",
        ),
        (
            document(taken={**THING, "required": ["name", "size"]}),
            "POST /things: body: size: required",
        ),
        (
            document(given={**THING, "required": []}),
            "POST /things: 200: name: may be absent",
        ),
        (
            document(taken={**THING, "additionalProperties": False}),
            "POST /things: body: unknown fields: refused",
        ),
    ],
)
def test_what_breaks_an_operation(new: Json, named: str) -> None:
    assert named in breaking_changes(document(), new)


@pytest.mark.parametrize(
    ("fields", "taken", "given"),
    [
        ({"size": None}, "size: removed", "size: removed"),
        ({"size": TEXT}, "size: no longer integer", "size: no longer integer"),
        ({"size": NUMBER}, None, "size: no longer integer"),
        ({"note": TEXT}, "note: no longer null", "note: no longer null"),
        ({"size": {"anyOf": [{"type": "integer"}, NULL]}}, None, "size: now null too"),
        (
            {"kind": {"type": "string", "enum": ["a"]}},
            "kind: value 'b': removed",
            "kind: value 'b': removed",
        ),
        ({"kind": {"type": "string", "enum": ["a", "b", "c"]}}, None, None),
        ({"kind": TEXT}, None, "kind: no longer one of ['a', 'b']"),
        ({"size": {"type": "integer", "enum": [1]}}, "size: only [1]", None),
        ({"size": {"type": "integer", "minimum": 1}}, "size: minimum: 1", None),
        (
            {"name": {"type": "string", "minLength": 1, "maxLength": 9}},
            "name: maxLength: 9",
            None,
        ),
        ({"name": {"type": "string", "maxLength": 30}}, None, None),
        (
            {"note": {"anyOf": [{"type": "string", "pattern": "x"}, NULL]}},
            "note: pattern: x",
            None,
        ),
        (
            {"parts": {"type": "array", "items": TEXT}},
            "parts[]: no longer object",
            None,
        ),
        ({"extra": TEXT}, None, None),
    ],
)
def test_what_breaks_a_shape(
    fields: dict[str, Json | None], taken: str | None, given: str | None
) -> None:
    of_body = breaking_changes(document(), document(taken=thing(**fields)))
    of_answer = breaking_changes(document(), document(given=thing(**fields)))

    assert of_body == ([f"POST /things: body: {taken}"] if taken else [])
    if given:
        assert f"POST /things: 200: {given}" in of_answer
    elif taken is None:
        assert of_answer == []


@pytest.mark.parametrize(
    ("limit", "wide", "narrow"),
    [
        ("exclusiveMaximum", 9, 8),
        ("maxItems", 9, 8),
        ("maxLength", 9, 8),
        ("maximum", 9, 8),
        ("exclusiveMinimum", 8, 9),
        ("minItems", 8, 9),
        ("minLength", 8, 9),
        ("minimum", 8, 9),
    ],
)
def test_limits_may_only_widen(limit: str, wide: int, narrow: int) -> None:
    old = document(taken={"type": "string", limit: wide})
    new = document(taken={"type": "string", limit: narrow})

    assert breaking_changes(old, new) == [f"POST /things: body: {limit}: {narrow}"]
    assert breaking_changes(new, old) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ({"type": ["string", "null"]}, TEXT, ": no longer null"),
        ({"oneOf": [TEXT, NULL]}, TEXT, ": no longer null"),
        (
            {"type": "string", "const": "a"},
            {"type": "string", "const": "b"},
            ": value 'a': removed",
        ),
        ({"type": "string", "format": "uuid"}, TEXT, None),
        (TEXT, {"type": "string", "format": "uuid"}, ": no longer string"),
        (TEXT, {}, None),
        (
            {"type": "object", "additionalProperties": TEXT},
            {"type": "object", "additionalProperties": NUMBER},
            "[]: no longer string",
        ),
        (
            {"type": "object", "properties": {"a": TEXT, "b": TEXT, "z": TEXT}},
            {
                "oneOf": [
                    {"type": "object", "properties": {"z": TEXT}},
                    {"type": "object", "properties": {"a": TEXT, "b": TEXT}},
                ]
            },
            ": z: removed",
        ),
    ],
)
def test_other_forms_of_schemas(old: Json, new: Json, named: str | None) -> None:
    changes = breaking_changes(document(taken=old), document(taken=new))

    assert changes == ([f"POST /things: body{named}"] if named else [])


def test_change_of_a_shared_schema_is_named_at_each_place() -> None:
    shared = {"$ref": "#/components/schemas/Thing"}
    new = document(taken=shared, given=shared)
    new["components"]["schemas"]["Thing"] = thing(size=None)

    assert breaking_changes(document(taken=shared, given=shared), new) == [
        "POST /things: 200: size: removed",
        "POST /things: body: size: removed",
    ]


def test_additions_break_nothing() -> None:
    added = {"in": "query", "name": "q", "schema": TEXT}
    new = document(
        taken=thing(extra=TEXT), given=thing(extra=TEXT), parameters=(LIMIT, added)
    )
    new["paths"]["/more"] = {"get": {"responses": {"200": {}}}}

    assert breaking_changes(document(), new) == []
