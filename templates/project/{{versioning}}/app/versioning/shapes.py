"""Comparison of JSON Schemas, as clients see a change."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

# What was taken must be taken still: these limits may only rise, those only fall.
UPPER = ("exclusiveMaximum", "maxItems", "maxLength", "maximum")
LOWER = ("exclusiveMinimum", "minItems", "minLength", "minimum")


class Shapes:
    """The schemas of two documents; a place says where in the documents they stand."""

    def __init__(self, old: Json, new: Json) -> None:
        self.old = old
        self.new = new
        self.under_way: set[tuple[int, int]] = set()

    def taken(self, place: str, old: Json, new: Json) -> Iterator[str]:
        """Name what a client may send by the old schema and not by the new one."""
        yield from self.compare(place, old, new, taken=True)

    def given(self, place: str, old: Json, new: Json) -> Iterator[str]:
        """Name what a client may rely on by the old schema and not by the new one."""
        yield from self.compare(place, old, new, taken=False)

    def compare(self, place: str, old: Json, new: Json, taken: bool) -> Iterator[str]:
        before, now = alternatives(self.old, old), alternatives(self.new, new)
        for one in before:
            same = [other for other in now if kind(other) == kind(one)]
            if not same and taken:
                same = [other for other in now if widens(kind(one), kind(other))]
            if not same:
                yield f"{place}: no longer {kind(one)}"
                continue
            found = [list(self.differences(place, one, other, taken)) for other in same]
            yield from min(found, key=len)
        known = {kind(one) for one in before}
        for other in now:
            if not taken and kind(other) not in known:
                yield f"{place}: now {kind(other)} too"

    def differences(
        self, place: str, old: Json, new: Json, taken: bool
    ) -> Iterator[str]:
        pair = (id(old), id(new))
        if pair in self.under_way:  # a schema that holds itself
            return
        self.under_way.add(pair)
        yield from values(place, old, new, taken)
        if taken:
            yield from limits(place, old, new)
        yield from self.fields(place, old, new, taken)
        for key in ("items", "additionalProperties"):
            if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
                yield from self.compare(f"{place}[]", old[key], new[key], taken)
        self.under_way.remove(pair)

    def fields(self, place: str, old: Json, new: Json, taken: bool) -> Iterator[str]:
        before, now = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            at = f"{place}: {name}"
            if name not in now:
                yield f"{at}: removed"
            else:
                yield from self.compare(at, schema, now[name], taken)
        needed = set(new.get("required", [])) - set(old.get("required", []))
        dropped = set(old.get("required", [])) - set(new.get("required", []))
        for name in needed if taken else dropped & set(now):
            yield f"{place}: {name}: {'required' if taken else 'may be absent'}"


def alternatives(document: Json, schema: Json) -> list[Json]:
    """Return the schemas of which one holds, each with one type."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return alternatives(document, document["components"]["schemas"][name])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return [a for one in schema[key] for a in alternatives(document, one)]
    if isinstance(schema.get("type"), list):
        return [schema | {"type": one} for one in schema["type"]]
    return [schema]


def kind(schema: Json) -> str:
    """Return the type of a schema, with its format."""
    name = str(schema.get("type", "anything"))
    return f"{name} ({schema['format']})" if "format" in schema else name


def widens(old: str, new: str) -> bool:
    return (
        new == "anything"
        or (old, new) == ("integer", "number")
        or (old.startswith(f"{new} ("))
    )


def values(place: str, old: Json, new: Json, taken: bool) -> Iterator[str]:
    before, now = listed(old), listed(new)
    if before is not None and now is not None:
        for value in before:
            if value not in now:
                yield f"{place}: value {value!r}: removed"
    elif taken and now is not None:
        yield f"{place}: only {now!r}"
    elif not taken and before is not None:
        yield f"{place}: no longer one of {before!r}"


def listed(schema: Json) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def limits(place: str, old: Json, new: Json) -> Iterator[str]:
    for name in UPPER:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{place}: {name}: {new[name]}"
    for name in LOWER:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"{place}: {name}: {new[name]}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"{place}: pattern: {new['pattern']}"
    if new.get("additionalProperties") is False is not old.get("additionalProperties"):
        yield f"{place}: unknown fields: refused"
